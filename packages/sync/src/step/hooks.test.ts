import { finalizers } from '@plumbline/apis';
import { describe, expect, test } from 'vitest';
import { added, changed, object, removed } from '../testing/builders.ts';
import { World, type WorldOptions } from '../testing/world.ts';

const map = (name: string, notes?: Record<string, string>) => object(`ConfigMap/${name}`, notes);
const job = (name: string, notes?: Record<string, string>) => object(`Job/${name}`, notes);

/** An operation that ran to its end or to its first wait, without dry runs. */
function world(pairs: ConstructorParameters<typeof World>[0], { request, ...more }: WorldOptions = {}): World {
  return new World(pairs, { ...more, request: { skipDryRun: true, ...request } });
}

describe('hooks', () => {
  test('complete before the next phase begins', () => {
    const it = world([
      added(job('pre', { hook: 'PreSync' })),
      added(map('main')),
      added(map('post', { hook: 'PostSync' })),
      added(map('rescue', { hook: 'SyncFail' })),
    ]);
    expect(it.run()).toMatchObject({ message: 'waiting for completion of hook batch/Job/pre', actions: [] });
    expect(it.result('pre')).toMatchObject({
      hookType: 'PreSync',
      hookPhase: 'Running',
      syncPhase: 'PreSync',
      status: 'Synced',
    });
    expect(it.names()).toEqual(['pre']);
    it.health.pre = 'Healthy';
    expect(it.run()).toMatchObject({ phase: 'Succeeded', message: 'successfully synced (no more tasks)' });
    expect(it.names()).toEqual(['main', 'post', 'pre']);
    expect(it.result('pre')).toMatchObject({ hookPhase: 'Succeeded', message: 'pre is Healthy' });
    expect(it.result('main')?.hookType).toBeUndefined();
  });

  test('run in both of their phases, as two objects', () => {
    const it = world([added(job('twice', { hook: 'PreSync,PostSync' })), added(map('main'))], {
      health: { twice: 'Healthy' },
    });
    it.step();
    const first = it.uid('twice');
    expect(it.run().phase).toBe('Succeeded');
    expect(it.uid('twice')).not.toBe(first);
    expect(it.progress.results.map(({ name, syncPhase }) => `${syncPhase} ${name}`)).toEqual([
      'PreSync twice',
      'Sync main',
      'PostSync twice',
    ]);
  });

  test('run again when everything is in order', () => {
    const it = world([changed(map('post', { hook: 'PostSync' }))]);
    expect(it.run().phase).toBe('Succeeded');
    expect(it.log).toEqual(['delete-hook ConfigMap/post', 'apply ConfigMap/post', 'release-hook ConfigMap/post']);
  });

  test('of an earlier sync are gone before they are made anew', () => {
    const it = world([changed(job('pre', { hook: 'PreSync' }))], { held: ['pre'], health: { pre: 'Healthy' } });
    expect(it.run()).toMatchObject({ message: 'waiting for deletion of batch/Job/pre', actions: [] });
    it.letGo('pre');
    it.run();
    expect(it.log.slice(0, 2)).toEqual(['delete-hook batch/Job/pre', 'apply batch/Job/pre']);
  });

  test('are let go once their result is read, which is saved first', () => {
    const it = world([added(job('pre', { hook: 'PreSync' })), added(map('main'))]);
    it.run();
    expect(it.finalizersOf('pre')).toEqual([finalizers.hook]);
    it.health.pre = 'Healthy';
    const step = it.step();
    expect(step.persistFirst).toBe(true);
    expect(step.actions.map(({ kind }) => kind)).toContain('release-hook');
    expect(step.progress.results[0]?.hookPhase).toBe('Succeeded');
    expect(it.finalizersOf('pre')).toEqual([]);
  });

  test('that vanish before their result is read fail the operation', () => {
    const it = world([added(job('pre', { hook: 'PreSync' })), added(map('main'))]);
    it.run();
    it.letGo('pre');
    expect(it.run().phase).toBe('Failed');
    expect(it.result('pre')).toMatchObject({ hookPhase: 'Error', message: expect.stringContaining('is missing') });
  });

  test.each([
    ['Degraded', 'Failed'],
    ['Unknown', 'Failed'],
    ['Healthy', 'Succeeded'],
  ] as const)('that are %s make the operation %s', (health, phase) => {
    const it = world([added(job('pre', { hook: 'PreSync' })), added(map('main'))], { health: { pre: health } });
    expect(it.run().phase).toBe(phase);
    expect(it.result('pre')?.hookPhase).toBe(phase);
  });

  test.each(['Progressing', 'Suspended'] as const)('that are %s are waited for', (health) => {
    const it = world([added(job('pre', { hook: 'PreSync' }))], { health: { pre: health } });
    expect(it.run()).toMatchObject({ message: 'waiting for completion of hook batch/Job/pre', actions: [] });
  });
});

describe('after a failure', () => {
  const pairs = (rescue = job('rescue', { hook: 'SyncFail' })) => [
    added(job('in', { hook: 'Sync' })),
    added(map('main')),
    added(map('post', { hook: 'PostSync' })),
    added(rescue),
  ];

  test('the SyncFail phase runs, and PostSync does not', () => {
    const it = world(pairs(), { health: { in: 'Degraded' } });
    expect(it.run().message).toBe('waiting for completion of hook batch/Job/rescue');
    it.health.rescue = 'Healthy';
    expect(it.run()).toMatchObject({
      phase: 'Failed',
      message: 'one or more synchronization tasks completed unsuccessfully, reason: in is Degraded',
    });
    expect(it.names()).toEqual(['in', 'main', 'rescue']);
    expect(it.result('rescue')).toMatchObject({ hookType: 'SyncFail', hookPhase: 'Succeeded' });
  });

  test('a SyncFail hook that fails is named', () => {
    const it = world(pairs(), { health: { in: 'Degraded', rescue: 'Degraded' } });
    expect(it.run().message).toMatch(/in is Degraded; one or more SyncFail hooks failed$/);
  });

  test('hooks that still run may complete first', () => {
    const it = world(pairs(map('rescue', { hook: 'SyncFail' })), { refuses: { main: 'no' } });
    expect(it.run().message).toBe('waiting for completion of hook batch/Job/in');
    it.health.in = 'Healthy';
    expect(it.run().phase).toBe('Failed');
    expect(it.names()).toContain('rescue');
  });

  test('of the dry run the SyncFail phase runs too, also over a restart', () => {
    const it = world([added(map('bad')), added(map('fine')), added(job('rescue', { hook: 'SyncFail' }))], {
      request: { skipDryRun: false },
      refuses: { bad: 'port 70000' },
    });
    it.run();
    it.restart();
    it.health.rescue = 'Healthy';
    expect(it.run()).toMatchObject({ phase: 'Failed', message: expect.stringContaining('(dry run)') });
    expect(it.names()).toEqual(['rescue']);
  });

  test('SyncFail hooks go wave by wave', () => {
    const it = world(
      [added(map('bad')), added(job('one', { hook: 'SyncFail' })), added(map('two', { hook: 'SyncFail', wave: '1' }))],
      { refuses: { bad: 'no' } },
    );
    expect(it.run().message).toBe('waiting for completion of hook batch/Job/one');
    it.health.one = 'Degraded';
    expect(it.run().phase).toBe('Failed');
    expect(it.names()).toEqual(['one', 'two']);
  });
});

describe('the delete policy', () => {
  const policies = 'HookSucceeded' as const;

  test('HookSucceeded deletes hooks when the operation has succeeded, not before', () => {
    const it = world([added(map('pre', { hook: 'PreSync', policy: policies })), added(object('Service/main'))]);
    it.step();
    it.step();
    expect(it.names()).toContain('pre');
    const end = it.run();
    expect(end).toMatchObject({ phase: 'Succeeded', persistFirst: true });
    expect(it.names()).toEqual(['main']);
    expect(it.result('pre')?.hookPhase).toBe('Succeeded');
  });

  test('HookSucceeded leaves the hooks of a failed operation', () => {
    const it = world([added(job('pre', { hook: 'PreSync', policy: policies }))], { health: { pre: 'Degraded' } });
    it.run();
    expect(it.names()).toEqual(['pre']);
  });

  test('HookFailed deletes the hooks of a failed operation only', () => {
    const pairs = () => [added(job('pre', { hook: 'PreSync', policy: 'HookFailed' }))];
    const failed = world(pairs(), { health: { pre: 'Degraded' } });
    const succeeded = world(pairs(), { health: { pre: 'Healthy' } });
    failed.run();
    succeeded.run();
    expect([failed.names(), succeeded.names()]).toEqual([[], ['pre']]);
  });

  test('does not reach hooks that this operation has not run', () => {
    const it = world(
      [added(map('bad', { hook: 'PreSync' })), changed(map('post', { hook: 'PostSync', policy: 'HookFailed' }))],
      { refuses: { bad: 'no' } },
    );
    it.run();
    expect(it.names()).toEqual(['post']);
  });
});

describe('to terminate', () => {
  test('deletes running hooks and ends', () => {
    const it = world([added(job('slow', { hook: 'PreSync' })), added(map('main'))]);
    it.run();
    it.terminate();
    expect(it.run()).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(it.names()).toEqual([]);
    expect(it.result('slow')).toMatchObject({ hookPhase: 'Failed', message: 'terminated' });
  });

  test('leaves what is done as it is', () => {
    const it = world([added(object('Job/first')), added(map('next', { wave: '1' })), removed(map('old'))]);
    it.run();
    it.terminate();
    expect(it.run().phase).toBe('Failed');
    expect(it.names()).toEqual(['first']);
  });

  test('says so when a hook cannot be deleted', () => {
    const it = world([added(job('slow', { hook: 'PreSync' }))]);
    it.run();
    it.options.refuses = { slow: 'forbidden' };
    it.terminate();
    expect(it.run()).toMatchObject({ phase: 'Error', message: 'Operation termination had errors' });
    expect(it.result('slow')?.message).toBe('cannot delete the running hook: forbidden');
  });

  test('goes on over a restart', () => {
    const it = world([added(job('slow', { hook: 'PreSync' }))]);
    it.run();
    it.terminate();
    it.restart();
    expect(it.run()).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
  });
});
