import { type Application, ownAnnotations } from '@plumbline/apis';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { AppRuntime } from '../app-runtime.ts';
import { deletionGate } from '../operation/deletion-gate.ts';
import { moveRule } from '../operation/hand-over.ts';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, owned, revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';
import { tracking } from '../test-support/memory-live.ts';

const maps = (count: number) => Array.from({ length: count }, (_, index) => configMap(`m${index}`));

async function engineOf(live: KubeObject[], objects: KubeObject[], app?: Application): Promise<Engine> {
  const engine = await startEngine({ objects, ...(app ? { app } : {}) });
  for (const object of live) engine.cluster.put(owned(object));
  const clock = () => engine.now;
  engine.holds = [
    moveRule(engine.others, clock),
    deletionGate({ settings: engine.settings, others: engine.others, clock }),
  ];
  return engine;
}

const deleted = (engine: Engine) => engine.cluster.log.filter((line) => line.startsWith('delete'));
const digestIn = (message: string | undefined) => /deletion-approved: ([0-9a-f]{16})/.exec(message ?? '')?.[1] ?? '';
const note = (key: string, value: string) => ({ metadata: { annotations: { [key]: value } } });

describe('an operation that deletes more than its budget', () => {
  it('holds before its first write, and goes on with the approval of just its deletions', async () => {
    const engine = await engineOf(maps(20), [configMap('new')]);
    await engine.sync({ prune: true });
    await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Running',
      message: expect.stringMatching(
        /^waiting for an approval of 20 deletions \(20 ConfigMap\): .*"plumb app approve shop"/,
      ),
    });
    expect(engine.cluster.log.filter((line) => /^(apply|delete)/.test(line))).toEqual([]);
    await engine.edit(note(ownAnnotations.deletionApproved, 'another plan'));
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Running');
    await engine.edit(note(ownAnnotations.deletionApproved, digestIn(engine.operationState?.message)));
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(deleted(engine)).toHaveLength(20);
    expect(engine.app.metadata.annotations?.[ownAnnotations.deletionApproved]).toBeUndefined();
  });

  it('needs another approval for another plan', async () => {
    const engine = await engineOf(maps(20), []);
    await engine.sync({ prune: true });
    await engine.pass();
    const digest = digestIn(engine.operationState?.message);
    engine.cluster.put(owned(configMap('one-more')));
    await engine.edit(note(ownAnnotations.deletionApproved, digest));
    await engine.pass();
    expect(engine.operationState?.message).toContain('21 deletions');
    expect(deleted(engine)).toEqual([]);
  });

  it('goes on by itself once it is within the budget', async () => {
    const engine = await engineOf(maps(20), []);
    await engine.sync({ prune: true });
    await engine.pass();
    for (const object of maps(15)) engine.cluster.objects.delete(keyName(owned(object)));
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('is terminated like any other', async () => {
    const engine = await engineOf(maps(20), []);
    await engine.sync({ prune: true });
    await engine.pass();
    await engine.edit({ status: { operationState: { phase: 'Terminating' } } });
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(deleted(engine)).toEqual([]);
  });

  it('counts what was deleted within the last hour, also over a restart', async () => {
    const app = shop({ metadata: { annotations: { [ownAnnotations.deletionBudgetWindow]: '12/1h' } } });
    const engine = await engineOf(maps(8), [configMap('kept')], app);
    await engine.sync({ prune: true });
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    engine.restart();
    for (const object of maps(8)) engine.cluster.put(owned(object));
    engine.now += 60_000;
    await engine.sync({ prune: true });
    await engine.pass();
    expect(engine.operationState?.message).toContain('weight 8, after 8 within 60 min');
    engine.now += 3_600_000;
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
  });
});

describe('what another Application renders now', () => {
  /** An Application `store` in the memory of the controller, with these objects at a revision. */
  async function neighbour(engine: Engine, objects: KubeObject[], revision: string): Promise<AppRuntime> {
    const runtime = new AppRuntime();
    const pass = await engine.pass();
    const targets = objects.map((object) => ({
      key: keyOf(owned(object)),
      object: owned(object, 'store'),
      namespaced: true,
    }));
    const facts = { ...(pass.facts as NonNullable<typeof pass.facts>), application: 'store', tracking };
    const state = { ...(pass.target as NonNullable<typeof pass.target>), revisions: [revision], targets };
    runtime.target = { key: '', state, facts, sources: [source], server: engine.cluster.server };
    return runtime;
  }

  it('is handed over instead of deleted, whatever the budget', async () => {
    const engine = await engineOf(maps(20), [configMap('kept')]);
    const runtime = await neighbour(engine, maps(20), revisionA);
    engine.others.runtimes = () => [['argocd/store', runtime]];
    await engine.sync({ prune: true });
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(deleted(engine)).toEqual([]);
    expect(engine.results['m0']).toBe('PruneSkipped');
    expect(engine.live.managedBy('store')).toHaveLength(20);
  });

  it('is waited for, where that Application has not seen the revision yet', async () => {
    const engine = await engineOf(maps(1), [configMap('kept')]);
    const runtime = await neighbour(engine, [], revisionB);
    const asked: string[] = [];
    engine.others.runtimes = () => [['argocd/store', runtime]];
    engine.others.refresh = (key) => asked.push(key);
    await engine.sync({ prune: true });
    await engine.pass();
    expect(engine.operationState?.message).toContain('has moved to argocd/store');
    expect(asked).toEqual(['argocd/store']);
    runtime.resolvedAt = engine.now + 1;
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(deleted(engine)).toEqual(['delete Background ConfigMap/m0']);
  });
});

describe('a newer revision', () => {
  const automated = { initiatedBy: { automated: true } };
  async function stuck(app?: Application): Promise<Engine> {
    const second = configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' });
    const engine = await engineOf([], [configMap('a'), second], app);
    engine.live.health['a'] = 'Progressing';
    await engine.sync({ revision: revisionA }, automated);
    await engine.pass();
    engine.repository.push(revisionB, [configMap('a', '2')]);
    return engine;
  }

  it('ends an automated operation that is stuck, and is looked for while it runs', async () => {
    const engine = await stuck();
    const early = await engine.pass(levels.refresh);
    expect(engine.operationState?.phase).toBe('Running');
    expect(early.later).toContainEqual({ level: levels.refresh, ms: 5_000 });
    engine.now += 5_000;
    await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining(`Operation terminated, superseded by revision ${revisionB} while it was`),
    });
    expect(engine.app.operation).toBeUndefined();
  });

  it('waits where the Application says so', async () => {
    const engine = await stuck(shop({ metadata: { annotations: { [ownAnnotations.supersede]: 'false' } } }));
    engine.now += 60_000;
    await engine.pass(levels.refresh);
    expect(engine.operationState?.phase).toBe('Running');
  });

  it('does not end what a user has pinned', async () => {
    const engine = await stuck();
    await engine.sync({ revision: revisionA });
    await engine.pass(levels.refresh);
    engine.now += 60_000;
    await engine.pass(levels.refresh);
    expect(engine.operationState?.phase).toBe('Running');
  });
});

function keyName(object: KubeObject): string {
  const { group, kind, namespace, name } = keyOf(object);
  return [group, kind, namespace, name].join('/');
}
