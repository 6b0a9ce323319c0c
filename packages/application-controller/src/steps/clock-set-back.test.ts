import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, revisionB } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';

const hour = 3_600_000;

/** The clock is set back; with a restart, only what is written is known of before. */
function setBack(engine: Engine, restarts: boolean): void {
  engine.setAhead -= hour;
  if (restarts) engine.restart();
}

describe.each([
  ['while the controller runs', false],
  ['over a restart', true],
])('a clock that is set back by an hour %s', (_case, restarts) => {
  it('does not hold the next attempt of an operation up', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    engine.cluster.refusals.set('dry-run ConfigMap/a', new PlumblineError('KUBE_INVALID', 'no'));
    await engine.sync({}, { retry: { limit: 2, backoff: { duration: '5s' } } });
    await engine.pass();
    engine.cluster.refusals.clear();
    setBack(engine, restarts);
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Running', retryCount: 1 });
    engine.now += 6_000;
    await engine.pass(levels.refresh);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('does not keep an operation from its time limit', async () => {
    const engine = await startEngine({
      objects: [configMap('a'), configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' })],
    });
    engine.live.health['a'] = 'Progressing';
    engine.syncTimeoutMs = 60_000;
    await engine.sync();
    await engine.pass();
    setBack(engine, restarts);
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Running');
    engine.now += 61_000;
    await engine.pass();
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Failed' });
  });

  it('does not hold a self-heal up', async () => {
    const app = { spec: { syncPolicy: { automated: { selfHeal: true } } } };
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.edit(app);
    await engine.pass(levels.refresh);
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    setBack(engine, restarts);
    const live = [...engine.cluster.objects.values()].find(({ metadata }) => metadata.name === 'a');
    engine.cluster.put({ ...live, data: { key: 'by hand' } } as typeof live & object);
    await engine.pass();
    await engine.pass();
    expect(engine.operationState?.operation.sync?.autoHealAttemptsCount).toBe(1);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });
});

it('a clock that is set back does not let operations begin in the future for ever', async () => {
  const engine = await startEngine({ objects: [configMap('a')] });
  await engine.sync();
  await engine.pass();
  const first = engine.operationState?.startedAt ?? '';
  setBack(engine, false);
  engine.repository.push(revisionB, [configMap('a', '2')]);
  await engine.sync();
  await engine.pass(levels.refresh);
  expect(engine.operationState?.phase).toBe('Succeeded');
  expect(Date.parse(engine.operationState?.startedAt ?? '')).toBe(Date.parse(first) - hour);
});
