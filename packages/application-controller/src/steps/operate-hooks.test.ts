import { finalizers } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { configMap, hookJob } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';

const jobs = (log: readonly string[]) => log.filter((line) => /persist|Job/.test(line) && !line.startsWith('dry-run'));

async function migrating(policy?: string) {
  const engine = await startEngine({ objects: [hookJob('migrate', 'PreSync', policy), configMap('a')] });
  engine.live.health['migrate'] = 'Progressing';
  await engine.sync();
  await engine.pass();
  return engine;
}

const hookResult = (engine: Awaited<ReturnType<typeof migrating>>) =>
  engine.operationState?.syncResult?.resources?.find(({ name }) => name === 'migrate');

describe('a hook', () => {
  it('holds the objects back until it is through', async () => {
    const engine = await migrating();
    expect(hookResult(engine)).toMatchObject({ hookPhase: 'Running', hookType: 'PreSync' });
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(false);
    engine.live.health['migrate'] = 'Healthy';
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(true);
  });

  it('is deleted only when its result is written', async () => {
    const engine = await migrating();
    engine.cluster.log.length = 0;
    const written: unknown[] = [];
    engine.cluster.before = (line) => {
      if (/^delete .*Job/.test(line)) written.push(hookResult(engine)?.hookPhase);
    };
    engine.live.health['migrate'] = 'Healthy';
    await engine.pass();
    expect(written).toEqual(['Succeeded']);
    expect(engine.cluster.objects.has('batch/Job/web/migrate')).toBe(false);
  });

  it('that stays is let go', async () => {
    const engine = await migrating('BeforeHookCreation');
    expect(engine.cluster.objects.get('batch/Job/web/migrate')?.metadata.finalizers).toEqual([finalizers.hook]);
    engine.live.health['migrate'] = 'Healthy';
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(engine.cluster.objects.get('batch/Job/web/migrate')?.metadata.finalizers ?? []).toEqual([]);
  });

  it('is not run again after a restart', async () => {
    const engine = await migrating();
    engine.restart();
    await engine.pass();
    engine.live.health['migrate'] = 'Healthy';
    engine.restart();
    await engine.pass();
    expect(jobs(engine.cluster.log).filter((line) => line.startsWith('apply'))).toEqual(['apply Job/migrate']);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('is deleted when the operation is terminated', async () => {
    const engine = await migrating();
    await engine.edit({ status: { operationState: { phase: 'Terminating' } } });
    await engine.pass();
    expect(engine.cluster.objects.has('batch/Job/web/migrate')).toBe(false);
    expect(engine.operationState).toMatchObject({ phase: 'Failed', message: expect.stringMatching(/terminated/i) });
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(false);
    expect(engine.app.operation).toBeUndefined();
  });

  it('that fails ends the operation before anything is applied', async () => {
    const engine = await migrating();
    engine.live.health['migrate'] = 'Degraded';
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Failed');
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(false);
  });
});

it('hooks that get their names from the engine all run', async () => {
  const named = (prefix: string) => {
    const { metadata, ...job } = hookJob('', 'PreSync');
    return { ...job, metadata: { generateName: prefix, annotations: metadata.annotations ?? {} } };
  };
  const engine = await startEngine({ objects: [named('first-'), named('second-')] });
  for (const name of ['first', 'second']) engine.live.health[`${name}-aaaaaaa-presync-1767225600`] = 'Healthy';
  await engine.sync();
  await engine.pass();
  expect(engine.operationState?.phase).toBe('Succeeded');
  expect(engine.results).toEqual({
    'first-aaaaaaa-presync-1767225600': 'Synced',
    'second-aaaaaaa-presync-1767225600': 'Synced',
  });
});

describe('a plan of many tasks', () => {
  it('is announced in the custom resource before its first write, and once only', async () => {
    const objects = Array.from({ length: 26 }, (_, index) => configMap(`c${index}`));
    const engine = await startEngine({ objects });
    await engine.sync();
    await engine.pass();
    const steps = engine.cluster.log.filter((line) => !line.startsWith('dry-run'));
    expect(steps.slice(0, 3)).toEqual(['persist', 'patch Application/shop', 'apply ConfigMap/c0']);
    expect(steps.filter((line) => line === 'persist')).toHaveLength(1);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });
});
