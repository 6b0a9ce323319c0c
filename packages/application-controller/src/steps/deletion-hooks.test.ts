import { annotations, finalizers, ownAnnotations } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { deadlineWords, deletionDeadline } from '../deletion/deletion-deadline.ts';
import type { Pass } from '../pass.ts';
import { type Level, levels } from '../queue/keyed-queue.ts';
import { configMap, hookJob, owned, revisionB, shop } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';
import { finalizeDeletion } from './finalize-deletion.ts';
import { reportDeletion } from './report.ts';

const revisionC = 'c'.repeat(40);
const deletionTimestamp = '2026-01-01T00:00:00Z';
const before = [finalizers.preDelete, finalizers.preDeleteCleanup];
const after = [finalizers.postDelete, finalizers.postDeleteCleanup];

async function going(targets: KubeObject[], held: string[], live: KubeObject[] = [owned(configMap('a'))]) {
  const metadata = { finalizers: [finalizers.resources, ...held], deletionTimestamp };
  const engine = await startEngine({ app: shop({ metadata }), objects: [configMap('a'), ...targets] });
  for (const object of live) engine.cluster.put(object);
  return engine;
}

/** Passes as the controller makes them, until one changes nothing. */
async function passes(engine: Engine, level: Level = levels.compare, change: (pass: Pass) => void = () => {}) {
  for (let count = 0; count < 8; count += 1) {
    const state = stateOf(engine);
    const pass = engine.newPass(level);
    change(pass);
    if (!isGone(engine) && !(await finalizeDeletion(pass, engine.deletionOptions())))
      await reportDeletion(pass, { client: engine.cluster, store: engine.store, controlNamespace: 'argocd' });
    if (isGone(engine)) return;
    if (stateOf(engine) === state) return;
  }
}

const stateOf = (engine: Engine) => JSON.stringify([writes(engine), engine.app.metadata.finalizers]);
const isGone = ({ cluster }: Engine) => !cluster.objects.has('argoproj.io/Application/argocd/shop');
const writes = ({ cluster }: Engine) => cluster.log.filter((line) => !/Application|Event/.test(line));
const conditions = ({ status }: Engine) => (status.conditions ?? []).map(({ message }) => message ?? '').join('\n');
const events = ({ cluster }: Engine) =>
  [...cluster.objects.values()].filter(({ kind }) => kind === 'Event').map((event) => String(event['message']));
const job = (engine: Engine, name: string) => engine.cluster.objects.get(`batch/Job/web/${name}`);

describe('PreDelete hooks', () => {
  it('are through before anything is deleted', async () => {
    const engine = await going([hookJob('backup', 'PreDelete', 'BeforeHookCreation')], before);
    engine.live.health['backup'] = 'Progressing';
    await passes(engine);
    expect(writes(engine)).toEqual(['apply Job/backup']);
    engine.live.health['backup'] = 'Healthy';
    await passes(engine);
    expect(isGone(engine)).toBe(true);
    expect(writes(engine)).toEqual(['apply Job/backup', 'patch Job/backup', 'delete Background ConfigMap/a']);
    expect(job(engine, 'backup')?.metadata.finalizers ?? []).toEqual([]);
  });

  it('that hang are named, and not waited for without end', async () => {
    const engine = await going([hookJob('backup', 'PreDelete', 'BeforeHookCreation')], before);
    engine.live.health['backup'] = 'Progressing';
    await passes(engine);
    const made = job(engine, 'backup');
    if (made) engine.cluster.put({ ...made, metadata: { ...made.metadata, creationTimestamp: deletionTimestamp } });
    engine.now = Date.parse(deletionTimestamp) + 60_000;
    await passes(engine);
    expect(conditions(engine)).toContain(
      'PreDelete hook batch/Job/backup has not completed yet. If that lasts until 2026-01-01T01:01:00Z',
    );
    engine.now += 3_700_000;
    await passes(engine);
    expect(isGone(engine)).toBe(true);
    expect(events(engine).join()).toContain('web/ConfigMap/a');
    expect(writes(engine).filter((line) => line.startsWith('delete') && line.includes('ConfigMap'))).toEqual([]);
  });

  it('are never taken from an older deletion or from a sync', async () => {
    const old = owned(hookJob('backup', 'PreDelete', 'BeforeHookCreation'));
    const engine = await going([hookJob('backup', 'PreDelete', 'BeforeHookCreation')], before, [old]);
    const uid = job(engine, 'backup')?.metadata.uid;
    engine.live.health['backup'] = 'Healthy';
    await passes(engine);
    expect(writes(engine).slice(0, 2)).toEqual(['delete Foreground Job/backup', 'apply Job/backup']);
    expect(job(engine, 'backup')?.metadata.uid).not.toBe(uid);
  });

  it('run wave by wave, and once, whatever restarts come between', async () => {
    const inWave = (name: string, wave: string): KubeObject => {
      const { metadata, ...hook } = hookJob(name, 'PreDelete', 'HookSucceeded');
      return {
        ...hook,
        metadata: { ...metadata, annotations: { ...metadata.annotations, [annotations.syncWave]: wave } },
      };
    };
    const engine = await going([inWave('second', '2'), inWave('first', '1')], before);
    engine.live.health = { first: 'Progressing', second: 'Progressing' };
    await passes(engine);
    engine.restart();
    engine.live.health['first'] = 'Healthy';
    await passes(engine);
    engine.restart();
    await passes(engine);
    expect(writes(engine)).toEqual(['apply Job/first', 'apply Job/second']);
    engine.live.health['second'] = 'Healthy';
    await passes(engine);
    expect(writes(engine).filter((line) => line.startsWith('apply'))).toEqual(['apply Job/first', 'apply Job/second']);
    expect(isGone(engine)).toBe(true);
    expect([...engine.cluster.objects.values()].filter(({ kind }) => kind === 'Job')).toEqual([]);
  });

  it('that fail hold everything, are shown, and are tried again after a while', async () => {
    const engine = await going([hookJob('backup', 'PreDelete')], before);
    engine.live.health['backup'] = 'Degraded';
    await passes(engine);
    expect(conditions(engine)).toMatch(/PreDelete hook batch\/Job\/backup has failed/);
    expect(conditions(engine)).toMatch(/until 2026-01-01T00:10:00Z, the Application is let go, .* stay: ConfigMap\/a/);
    expect(writes(engine)).toEqual(['apply Job/backup']);
    engine.now += 10_000;
    await passes(engine);
    expect(writes(engine).slice(1)).toEqual(['patch Job/backup', 'delete Foreground Job/backup', 'apply Job/backup']);
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(true);
  });

  it('that were mended in Git run as soon as that is known', async () => {
    const engine = await going([hookJob('backup', 'PreDelete')], before);
    engine.live.health['backup'] = 'Degraded';
    await passes(engine);
    engine.repository.push(revisionB, [configMap('a', '2'), hookJob('backup', 'PreDelete')]);
    engine.cluster.before = (line) => {
      if (line === 'delete Foreground Job/backup') engine.live.health['backup'] = 'Healthy';
    };
    await passes(engine, levels.force);
    expect(isGone(engine)).toBe(true);
  });

  it('that fail for too long let the Application go, without what they guard', async () => {
    const engine = await going([hookJob('backup', 'PreDelete')], before);
    engine.live.health['backup'] = 'Degraded';
    await passes(engine);
    engine.now += 600_001;
    await passes(engine);
    expect(isGone(engine)).toBe(true);
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(true);
    expect(events(engine)).toEqual([expect.stringMatching(/backup has failed.* stay: web\/ConfigMap\/a/)]);
    expect(job(engine, 'backup')).toBeDefined();
    expect(job(engine, 'backup')?.metadata.finalizers ?? []).toEqual([]);
  });

  it('hold the Application for as long as it says', async () => {
    const engine = await going([hookJob('backup', 'PreDelete')], before);
    await engine.edit({ metadata: { annotations: { [ownAnnotations.deletionTimeout]: '0' } } });
    engine.live.health['backup'] = 'Degraded';
    await passes(engine);
    engine.now += 86_400_000;
    await passes(engine);
    expect(isGone(engine)).toBe(false);
    expect(conditions(engine)).not.toMatch(/let go/);
  });

  it('that cannot be made say why', async () => {
    const engine = await going([hookJob('backup', 'PreDelete')], before);
    engine.cluster.refusals.set('apply Job/backup', new PlumblineError('KUBE_FORBIDDEN', 'jobs are not yours'));
    await passes(engine);
    expect(conditions(engine)).toMatch(/backup cannot be made: jobs are not yours/);
  });
});

describe('PostDelete hooks', () => {
  it('run when the objects are gone', async () => {
    const engine = await going([hookJob('farewell', 'PostDelete')], after);
    engine.live.health['farewell'] = 'Progressing';
    await passes(engine);
    expect(writes(engine)).toEqual(['delete Background ConfigMap/a', 'apply Job/farewell']);
    expect(isGone(engine)).toBe(false);
    engine.live.health['farewell'] = 'Healthy';
    await passes(engine);
    expect(isGone(engine)).toBe(true);
    expect(job(engine, 'farewell')).toBeUndefined();
  });

  it('run also where nothing else is deleted', async () => {
    const engine = await going([hookJob('farewell', 'PostDelete')], after);
    await engine.edit({ metadata: { finalizers: after } });
    engine.live.health['farewell'] = 'Healthy';
    await passes(engine);
    expect(isGone(engine)).toBe(true);
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(true);
  });
});

describe('hindrances', () => {
  it('are remembered over a restart', () => {
    const at = '2026-01-01T00:00:00Z';
    const condition = (message: string) => ({ type: 'DeletionError', message, lastTransitionTime: at });
    const deadline = async (message: string) => {
      const engine = await startEngine({ app: shop({ status: { conditions: [condition(message)] } }) });
      engine.now += 300_000;
      return deletionDeadline(engine.newPass(), { messages: [] }, engine.now) ?? 0;
    };
    return Promise.all([
      expect(deadline(`no route. If that lasts until …, ${deadlineWords}`)).resolves.toBe(Date.parse(at) + 600_000),
      expect(deadline('waiting for the deletion to be confirmed')).resolves.toBe(Date.parse(at) + 900_000),
    ]);
  });

  it('an unreachable cluster holds the Application for a bounded time, then its objects are named', async () => {
    const engine = await going([], []);
    await engine.edit({ status: { resources: [{ kind: 'ConfigMap', namespace: 'web', name: 'a', version: 'v1' }] } });
    const cut = (pass: Pass) => {
      pass.destination = undefined;
      pass.findings.push({ type: 'ComparisonError', message: 'no route to host' });
    };
    await passes(engine, levels.compare, cut);
    expect(conditions(engine)).toMatch(/no route to host.*stay: ConfigMap\/a/);
    engine.now += 600_001;
    await passes(engine, levels.compare, cut);
    expect(isGone(engine)).toBe(true);
    expect(events(engine)).toEqual([expect.stringMatching(/no route to host.*stay: web\/ConfigMap\/a/)]);
  });

  it('a kind that cannot be listed is not taken for empty', async () => {
    const engine = await going([], [], []);
    await engine.edit({ status: { resources: [{ kind: 'ConfigMap', namespace: 'web', name: 'a', version: 'v1' }] } });
    engine.live.failures = () => new Map([['/ConfigMap', 'forbidden']]);
    await passes(engine);
    expect(isGone(engine)).toBe(false);
    expect(conditions(engine)).toMatch(/ConfigMap cannot be listed: forbidden/);
  });

  it('a hook that runs when its Application is deleted goes with it', async () => {
    const { metadata, ...hook } = hookJob('migrate', 'PreSync');
    const running = owned({ ...hook, metadata: { ...metadata, finalizers: [finalizers.hook] } });
    const engine = await going([], [], [running]);
    await passes(engine);
    expect(isGone(engine)).toBe(true);
    expect(job(engine, 'migrate')).toBeUndefined();
  });

  it('a hook that runs when its Application is deleted without its objects is let go', async () => {
    const { metadata, ...hook } = hookJob('migrate', 'PreSync');
    const running = owned({ ...hook, metadata: { ...metadata, finalizers: [finalizers.hook] } });
    const engine = await going([], after, [running]);
    await engine.edit({ metadata: { finalizers: after } });
    await passes(engine);
    expect(isGone(engine)).toBe(true);
    expect(job(engine, 'migrate')?.metadata.finalizers ?? []).toEqual([]);
  });

  it('what goes slowly is named with what holds it', async () => {
    const a = owned(configMap('a'));
    const held = { ...a, metadata: { ...a.metadata, finalizers: ['example.org/slow'] } };
    const engine = await going([], [], [held]);
    await passes(engine);
    expect(conditions(engine)).toBe('');
    engine.now += 60_000;
    await passes(engine);
    expect(conditions(engine)).toBe('waiting for ConfigMap/a to go, held by the finalizers example.org/slow');
    engine.now += 86_400_000;
    await passes(engine);
    expect(isGone(engine)).toBe(false);
  });

  it('what is kept is named when the Application goes', async () => {
    const kept = owned(configMap('a', '1', { [annotations.syncOptions]: 'Delete=false' }));
    const engine = await going([], [], [kept]);
    await passes(engine);
    expect(events(engine)).toEqual(['These objects stay: ConfigMap/a (the option Delete=false keeps it)']);
  });
});

describe('the finalizers for hooks of the deletion', () => {
  it('come with the hooks and go with them', async () => {
    const engine = await startEngine({ objects: [hookJob('a', 'PreDelete'), hookJob('b', 'PostDelete')] });
    await engine.pass();
    expect(engine.app.metadata.finalizers).toEqual([...before, ...after]);
    engine.repository.push(revisionB, [hookJob('b', 'PostDelete')]);
    await engine.pass(levels.refresh);
    expect(engine.app.metadata.finalizers).toEqual(after);
    engine.repository.push(revisionC, []);
    await engine.pass(levels.refresh);
    expect(engine.app.metadata.finalizers ?? []).toEqual([]);
  });
});
