import { finalizers, ownAnnotations } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, hookJob, owned } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';

const hour = 3_600_000;
const isGone = ({ cluster }: Engine) => !cluster.objects.has('argoproj.io/Application/argocd/shop');

/** An Application whose sync waits for a hook. */
async function migrating(): Promise<Engine> {
  const engine = await startEngine({ objects: [hookJob('migrate', 'PreSync'), configMap('a')] });
  engine.live.health['migrate'] = 'Progressing';
  engine.syncTimeoutMs = 60_000;
  await engine.sync();
  await engine.pass();
  return engine;
}

async function deleted(engine: Engine): Promise<void> {
  const deletionTimestamp = new Date(engine.wall()).toISOString().replace('.000', '');
  await engine.edit({ metadata: { finalizers: [finalizers.resources], deletionTimestamp } });
}

describe('a clock that is set ahead by an hour', () => {
  it('does not end an operation before its time limit, nor keeps it longer', async () => {
    const engine = await migrating();
    engine.setAhead = hour;
    engine.now += 50_000;
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Running');
    engine.now += 11_000;
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Failed');
  });

  it('counts for an operation that was begun before a restart: only what is written is known of it', async () => {
    const engine = await migrating();
    engine.setAhead = hour;
    engine.restart();
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Failed');
  });

  it('does not cut the pause before a retry short', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    engine.cluster.refusals.set('dry-run ConfigMap/a', new PlumblineError('KUBE_INVALID', 'no'));
    await engine.sync({}, { retry: { limit: 2, backoff: { duration: '30s' } } });
    await engine.pass();
    engine.setAhead = hour;
    engine.now += 29_000;
    const pass = await engine.pass(levels.refresh);
    expect(engine.operationState).toMatchObject({ phase: 'Running', retryCount: 1 });
    expect(pass.later).toContainEqual({ level: levels.compare, ms: 1_000 });
    engine.cluster.refusals.clear();
    engine.now += 1_000;
    await engine.pass(levels.refresh);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('does not end what a deletion waits for', async () => {
    const engine = await migrating();
    engine.syncTimeoutMs = 0;
    await deleted(engine);
    await engine.going();
    engine.setAhead = hour;
    engine.now += 5_000;
    await engine.going();
    expect(engine.finished).toEqual([]);
  });

  it('does not let an Application go before what hinders its deletion had its time', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    engine.cluster.put(owned(configMap('a')));
    await deleted(engine);
    await engine.edit({ metadata: { annotations: { [ownAnnotations.deletionTimeout]: '5m' } } });
    engine.cluster.refusals.set('delete Background ConfigMap/a', new PlumblineError('KUBE_FORBIDDEN', 'not yours'));
    await engine.going();
    engine.setAhead = hour;
    engine.now += 290_000;
    await engine.going();
    expect(isGone(engine)).toBe(false);
    engine.now += 11_000;
    await engine.going();
    expect(isGone(engine)).toBe(true);
  });
});
