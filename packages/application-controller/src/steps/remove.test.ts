import { finalizers, ownAnnotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { configMap, hookJob, owned } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';

const isGone = ({ cluster }: Engine) => !cluster.objects.has('argoproj.io/Application/argocd/shop');
const has = ({ cluster }: Engine, key: string) => cluster.objects.has(key);
const job = 'batch/Job/web/migrate';

/** An Application that has `b` already, and what a sync brings. */
async function syncing(objects: readonly KubeObject[], operation: object = {}): Promise<Engine> {
  const engine = await startEngine({ objects: [...objects, configMap('b')] });
  engine.cluster.put(owned(configMap('b')));
  await engine.edit({ metadata: { finalizers: [finalizers.resources] } });
  engine.live.health['migrate'] = 'Progressing';
  await engine.sync({}, operation);
  return engine;
}

/** Somebody deletes the Application. */
async function deleted(engine: Engine): Promise<void> {
  const deletionTimestamp = new Date(engine.now).toISOString().replace('.000', '');
  await engine.edit({ metadata: { deletionTimestamp } });
}

async function untilGone(engine: Engine): Promise<void> {
  for (let pass = 0; pass < 5 && !isGone(engine); pass += 1) await engine.going();
}

describe('a deletion while a hook of a sync runs', () => {
  it('begins when the operation has ended', async () => {
    const engine = await syncing([hookJob('migrate', 'PreSync')]);
    await engine.pass();
    await deleted(engine);
    await engine.going();
    expect(engine.operationState?.phase).toBe('Running');
    expect([has(engine, job), has(engine, '/ConfigMap/web/b')]).toEqual([true, true]);
    engine.live.health['migrate'] = 'Healthy';
    await engine.going();
    expect(engine.finished).toEqual(['Succeeded']);
    await untilGone(engine);
    expect(isGone(engine)).toBe(true);
    expect(has(engine, '/ConfigMap/web/b')).toBe(false);
  });

  it('says after a while what it waits for, and goes on when that is terminated', async () => {
    const engine = await syncing([hookJob('migrate', 'PreSync')]);
    await engine.pass();
    await deleted(engine);
    await engine.going();
    expect(engine.status.conditions).toBeUndefined();
    engine.now += 11_000;
    await engine.going();
    expect(engine.status.conditions).toMatchObject([
      {
        type: 'DeletionError',
        message: expect.stringMatching(/waits for the operation.*migrate.*until 2026-01-01T00:10/),
      },
    ]);
    await engine.edit({ status: { operationState: { phase: 'Terminating' } } });
    await engine.going();
    expect(engine.finished).toEqual(['Failed']);
    expect(has(engine, job)).toBe(false);
    await untilGone(engine);
    expect(isGone(engine)).toBe(true);
  });

  it.each([
    ['ten minutes', {}, 601_000],
    ['the time that the Application says', { [ownAnnotations.deletionTimeout]: '1m' }, 61_000],
  ])('waits no longer than %s, also after a restart', async (_for, annotations, ms) => {
    const engine = await syncing([hookJob('migrate', 'PreSync')]);
    await engine.edit({ metadata: { annotations } });
    await engine.pass();
    await deleted(engine);
    engine.now += ms - 2_000;
    await engine.going();
    expect(engine.finished).toEqual([]);
    engine.restart();
    engine.now += 2_000;
    await engine.going();
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: 'Operation terminated, because the Application is being deleted',
    });
    await untilGone(engine);
    expect(isGone(engine)).toBe(true);
  });

  it('goes on where somebody takes the operation away', async () => {
    const engine = await syncing([hookJob('migrate', 'PreSync')]);
    await engine.pass();
    await deleted(engine);
    await engine.edit({ operation: null });
    await untilGone(engine);
    expect(isGone(engine)).toBe(true);
  });
});

it('waits half a minute only for an operation that does nothing but wait for health', async () => {
  const later = configMap('later', '1', { 'argocd.argoproj.io/sync-wave': '1' });
  const engine = await syncing([configMap('a'), later]);
  engine.live.health['a'] = 'Progressing';
  await engine.pass();
  await deleted(engine);
  engine.now += 29_000;
  await engine.going();
  expect(engine.finished).toEqual([]);
  engine.now += 2_000;
  await untilGone(engine);
  expect(isGone(engine)).toBe(true);
  expect(engine.cluster.log).not.toContain('apply ConfigMap/later');
});

describe('an operation ends at once with the deletion', () => {
  it('where it has not begun', async () => {
    const engine = await syncing([configMap('a')]);
    await deleted(engine);
    await engine.going();
    expect(engine.app.operation).toBeUndefined();
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: 'Not begun: the Application is being deleted',
    });
    await untilGone(engine);
    expect(isGone(engine)).toBe(true);
    expect(engine.cluster.log).not.toContain('apply ConfigMap/a');
  });

  it('where it rests before it is tried again', async () => {
    const engine = await syncing([hookJob('migrate', 'PreSync')], {
      retry: { limit: -1, backoff: { duration: '1h' } },
    });
    await engine.pass();
    engine.live.health['migrate'] = 'Degraded';
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Running', retryCount: 1 });
    await deleted(engine);
    await engine.going();
    expect(engine.operationState?.phase).toBe('Failed');
    await untilGone(engine);
    expect(isGone(engine)).toBe(true);
  });

  it('where something holds it', async () => {
    const engine = await syncing([hookJob('migrate', 'PreSync'), configMap('a')]);
    await engine.pass();
    engine.holds = [() => ({ kind: 'wait', message: 'the window is closed', ms: 1_000 })];
    await deleted(engine);
    await engine.going();
    expect(engine.operationState?.phase).toBe('Failed');
    expect(has(engine, job)).toBe(false);
    await untilGone(engine);
    expect(isGone(engine)).toBe(true);
  });
});

it('ends an operation that only finalizers of others outlive', async () => {
  const engine = await syncing([configMap('a')]);
  await engine.edit({ metadata: { finalizers: ['example.org/other'] } });
  await deleted(engine);
  await engine.going();
  expect(engine.app.operation).toBeUndefined();
  expect(engine.finished).toEqual(['Failed']);
});
