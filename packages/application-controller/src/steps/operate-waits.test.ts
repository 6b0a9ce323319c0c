import { type Application, type AppProject, ownAnnotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { planFact } from '@plumbline/protocol';
import { describe, expect, it } from 'vitest';
import { operationPlan } from '../inspect/operation-plan.ts';
import { dependencyRule } from '../operation/dependencies.ts';
import { planRule } from '../operation/plan-rule.ts';
import { windowRule } from '../operation/window-rule.ts';
import { configMap, owned, revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';

async function engineOf(live: KubeObject[], objects: KubeObject[], app?: Application): Promise<Engine> {
  const engine = await startEngine({ objects, ...(app ? { app } : {}) });
  for (const object of live) engine.cluster.put(owned(object));
  engine.holds = [planRule(engine.plans), windowRule(() => engine.now)];
  return engine;
}

describe('an operation that is bound to a plan', () => {
  async function planned(engine: Engine) {
    const pass = await engine.pass();
    const { settings, others, plans } = engine;
    return operationPlan(pass, { sync: { prune: true } }, { ...engine.operateOptions(), settings, others, plans });
  }
  const bound = (hash: string) => ({ info: [{ name: planFact, value: hash }] });

  it('is shown field by field before it runs, and then runs just as shown', async () => {
    const engine = await engineOf([configMap('a', 'old'), configMap('gone')], [configMap('a'), configMap('b')]);
    const plan = await planned(engine);
    const tasks = plan.phases.flatMap(({ waves }) => waves.flatMap((wave) => wave.tasks));
    expect(tasks.map(({ name, action }) => [name, action])).toEqual([
      ['a', 'change'],
      ['b', 'create'],
      ['gone', 'prune'],
    ]);
    expect(tasks[0]?.differences).toMatchObject([{ path: '/data/key', target: '1', live: 'old' }]);
    engine.now += 60_000;
    await engine.sync({ prune: true }, bound(plan.hash));
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('is refused when something has changed, and says what', async () => {
    const engine = await engineOf([configMap('a', 'old')], [configMap('a')]);
    const { hash } = await planned(engine);
    engine.cluster.put(owned(configMap('b')));
    await engine.sync({ prune: true }, bound(hash));
    await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: expect.stringMatching(
        new RegExp(`^the plan is not ${hash} any more, it is .*: Sync web/ConfigMap/b is new`),
      ),
    });
    expect(engine.cluster.log.filter((line) => /^(apply|delete)/.test(line))).toEqual([]);
  });

  it('says so after a restart of the controller, too', async () => {
    const engine = await engineOf([configMap('a', 'old')], [configMap('a')]);
    const { hash } = await planned(engine);
    engine.cluster.put(owned(configMap('b')));
    engine.restart();
    await engine.sync({ prune: true }, bound(hash));
    await engine.pass();
    expect(engine.operationState?.message).toContain('Sync web/ConfigMap/b is new in the plan');
  });

  it('is refused with other options than those of the plan', async () => {
    const engine = await engineOf([configMap('a', 'old')], [configMap('a')]);
    const { hash } = await planned(engine);
    await engine.sync({ prune: false }, bound(hash));
    await engine.pass();
    expect(engine.operationState?.message).toContain('the options of the sync are others');
  });
});

describe('operations that people ask for within one second', () => {
  it('are told apart by their start', async () => {
    const engine = await engineOf([], [configMap('a')]);
    await engine.sync();
    await engine.pass();
    expect(engine.operationState?.startedAt).toBe('2026-01-01T00:00:00Z');
    await engine.sync();
    await engine.pass();
    const second = { startedAt: '2026-01-01T00:00:01Z', finishedAt: '2026-01-01T00:00:01Z', phase: 'Succeeded' };
    expect(engine.operationState).toMatchObject(second);
  });
});

describe('an operation that takes longer than the sync timeout', () => {
  it('is terminated, and says so', async () => {
    const second = configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' });
    const engine = await engineOf([], [configMap('a'), second]);
    engine.live.health['a'] = 'Progressing';
    engine.syncTimeoutMs = 30_000;
    await engine.sync();
    await engine.pass();
    engine.now += 31_000;
    await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: 'Operation terminated, triggered by controller sync timeout',
    });
  });
});

describe('a sync window', () => {
  const deny = { kind: 'deny', schedule: '0 0 * * *', duration: '1h', applications: ['*'] };
  const project = (window: object): AppProject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default' },
    spec: { syncWindows: [{ ...deny, ...window }] },
  });
  const permissive = {
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    destinations: [{ server: '*', namespace: '*' }],
  };

  it('holds an operation until it is over', async () => {
    const engine = await engineOf([], [configMap('a')]);
    engine.project = project({});
    Object.assign(engine.project.spec, permissive);
    await engine.sync();
    await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Running',
      message: 'Sync operation blocked by sync window: closed by the sync window deny "0 0 * * *" for 1h',
    });
    engine.now += 3_600_000;
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('with manualSync lets people sync', async () => {
    const engine = await engineOf([], [configMap('a')]);
    engine.project = project({ manualSync: true });
    Object.assign(engine.project.spec, permissive);
    await engine.sync({}, { initiatedBy: { automated: true } });
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Running');
    await engine.sync({}, { initiatedBy: { username: 'ann', automated: false } });
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
  });
});

describe('dependencies', () => {
  const database = (status: object): Application => ({
    ...shop({ metadata: { name: 'db', uid: 'uid-db' } }),
    status: {
      sync: { status: 'Synced', revision: revisionA, comparedTo: { source, destination: {} } },
      health: { status: 'Healthy' },
      reconciledAt: '2025-12-31T00:00:00Z',
      ...status,
    } as NonNullable<Application['status']>,
  });
  async function dependent(apps: Application[]): Promise<[Engine, string[]]> {
    const app = shop({ metadata: { annotations: { [ownAnnotations.dependsOn]: 'db' } } });
    const engine = await engineOf([], [configMap('a')], app);
    const asked: string[] = [];
    const get = (key: string) =>
      key === 'argocd/shop'
        ? engine.app
        : apps.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key);
    engine.holds = [dependencyRule({ get, refresh: (key) => asked.push(key) })];
    await engine.sync();
    await engine.pass();
    return [engine, asked];
  }

  it.each<[string, Application[], string]>([
    ['are there', [], 'argocd/db does not exist'],
    ['are Healthy', [database({ health: { status: 'Degraded' } })], 'argocd/db is Degraded'],
    [
      'are Synced',
      [database({ sync: { ...database({}).status?.sync, status: 'OutOfSync' } })],
      'argocd/db is OutOfSync',
    ],
  ])('hold a sync until they %s', async (_, apps, reason) => {
    const [engine] = await dependent(apps);
    expect(engine.operationState).toMatchObject({ phase: 'Running', message: `waiting for dependencies: ${reason}` });
    expect(engine.cluster.objects.size).toBe(1);
  });

  it('hold no sync once they are as they should be', async () => {
    const [engine] = await dependent([database({})]);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('must have seen the revision, and are asked to look', async () => {
    const old = { ...database({}).status?.sync, revision: revisionB };
    const [engine, asked] = await dependent([database({ sync: old })]);
    expect(engine.operationState?.message).toContain('argocd/db has not been compared with this revision yet');
    expect(asked).toEqual(['argocd/db']);
  });

  it('in a circle are refused with the circle', async () => {
    const back = database({});
    back.metadata.annotations = { [ownAnnotations.dependsOn]: 'argocd/shop' };
    const [engine] = await dependent([back]);
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: 'dependency cycle: argocd/shop → argocd/db → argocd/shop. Take one of them away',
    });
  });
});
