import type { OperationState, ResourceStatus } from '@plumbline/apis';
import { describe, expect, test } from 'vitest';
import { type AutoSyncInput, shouldAutoSync } from './should-auto-sync.ts';

const source = { repoURL: 'https://git.example.com/shop.git', path: 'overlays/test', targetRevision: 'HEAD' };
const now = Date.parse('2026-01-01T00:10:00Z');

function resource(name: string, more: Partial<ResourceStatus> = {}): ResourceStatus {
  return { version: 'v1', kind: 'ConfigMap', namespace: 'web', name, status: 'OutOfSync', ...more };
}

function input(more: Partial<AutoSyncInput> = {}): AutoSyncInput {
  return {
    policy: { automated: { prune: true, selfHeal: true } },
    operationPending: false,
    deleting: false,
    syncStatus: 'OutOfSync',
    revision: 'abc',
    revisions: undefined,
    sources: [source],
    resources: [resource('a'), resource('b', { status: 'Synced' })],
    last: undefined,
    now,
    ...more,
  };
}

/** The last operation, finished some seconds ago at the revision that `input` compares with. */
function last(secondsAgo: number, more: Partial<OperationState> = {}, sync: object = {}): OperationState {
  return {
    operation: { sync: { revision: 'abc', ...sync } },
    phase: 'Succeeded',
    message: 'successfully synced (all tasks run)',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: new Date(now - secondsAgo * 1000).toISOString(),
    syncResult: { revision: 'abc', source },
    ...more,
  };
}

describe('automation stays idle', () => {
  test.each<[string, Partial<AutoSyncInput>]>([
    ['without a policy', { policy: undefined }],
    ['without automation in the policy', { policy: { syncOptions: ['PruneLast=true'] } }],
    ['when it is switched off', { policy: { automated: { enabled: false } } }],
    ['while an operation is pending', { operationPending: true }],
    ['while the Application is deleted', { deleting: true }],
    ['when all is in sync', { syncStatus: 'Synced' }],
    ['when the state is unknown', { syncStatus: 'Unknown' }],
    ['in a window that forbids it', { windowDenies: 'window nightly denies syncs' }],
    [
      'when only prunes differ and prune is off',
      {
        policy: { automated: {} },
        resources: [resource('a', { requiresPruning: true }), resource('b', { status: 'Synced' })],
      },
    ],
    ['when this state was synced and selfHeal is off', { policy: { automated: {} }, last: last(60) }],
    [
      'when what drifted may not be pruned',
      {
        resources: [resource('a', { requiresPruning: true }), resource('b', { status: 'Synced' })],
        last: last(60, {
          syncResult: {
            revision: 'abc',
            source,
            resources: [
              {
                group: '',
                version: 'v1',
                kind: 'ConfigMap',
                namespace: 'web',
                name: 'a',
                status: 'PruneSkipped',
                message: 'ignored (no prune)',
              },
            ],
          },
        }),
      },
    ],
  ])('%s', (_, more) => {
    expect(shouldAutoSync(input(more))).toEqual({ sync: false, reason: expect.any(String) });
  });
});

describe('automation refuses, and says so in a condition', () => {
  test.each([undefined, last(60)])('to delete everything', (before) => {
    const resources = [resource('a', { requiresPruning: true }), resource('b', { requiresPruning: true })];
    const message = 'Skipping sync attempt to [abc]: auto-sync will wipe out all resources';
    expect(shouldAutoSync(input({ resources, last: before }))).toMatchObject({
      sync: false,
      condition: { type: 'SyncError', message },
    });
    const policy = { automated: { prune: true, allowEmpty: true, selfHeal: true } };
    expect(shouldAutoSync(input({ resources, last: before, policy })).sync).toBe(true);
  });

  test('to repeat what has failed', () => {
    const failed = last(6000, { phase: 'Failed', message: 'port 70000' });
    expect(shouldAutoSync(input({ last: failed }))).toMatchObject({
      sync: false,
      condition: { type: 'SyncError', message: 'Failed last sync attempt to [abc]: port 70000' },
    });
  });
});

describe('automation syncs', () => {
  test('a state that was never tried, by the policy of the Application', () => {
    const policy = { automated: { prune: true }, syncOptions: ['CreateNamespace=true'], retry: { limit: 1 } };
    expect(shouldAutoSync(input({ policy }))).toEqual({
      sync: true,
      reason: 'the source has something new',
      operation: {
        sync: { revision: 'abc', prune: true, syncOptions: ['CreateNamespace=true'] },
        initiatedBy: { automated: true },
        retry: { limit: 1 },
      },
    });
  });

  test('with five retries where the policy says nothing', () => {
    expect(shouldAutoSync(input({ policy: { automated: {} } }))).toMatchObject({
      operation: { retry: { limit: 5 }, sync: { revision: 'abc' } },
    });
  });

  test('several sources by their revisions', () => {
    const decision = shouldAutoSync(input({ revision: '', revisions: ['abc', 'def'], sources: [source, source] }));
    expect(decision).toMatchObject({ operation: { sync: { revisions: ['abc', 'def'] } } });
  });

  test.each<[string, Partial<AutoSyncInput>]>([
    ['a new revision', { revision: 'def' }],
    ['another path at the same revision', { sources: [{ ...source, path: 'overlays/prod' }] }],
    ['a new revision after a failure', { revision: 'def', last: last(60, { phase: 'Failed' }) }],
    ['after a dry run', { last: last(60, {}, { dryRun: true }) }],
    ['after a sync of other manifests', { last: last(60, {}, { manifests: ['{}'] }) }],
    ['a namespace whose metadata differs', { namespaceDiffers: true, resources: [], last: undefined }],
  ])('%s', (_, more) => {
    const decision = shouldAutoSync(input({ policy: { automated: {} }, last: last(60), ...more }));
    expect(decision).toMatchObject({ sync: true, reason: 'the source has something new' });
  });

  test('nothing again because the same revision is written differently', () => {
    const sources = [{ ...source, targetRevision: 'main' }];
    expect(shouldAutoSync(input({ policy: { automated: {} }, sources, last: last(60) })).sync).toBe(false);
  });
});

describe('a self-heal', () => {
  test('syncs only what drifted, and counts', () => {
    const resources = [
      resource('a'),
      resource('b', { status: 'Synced' }),
      resource('web', { group: 'apps', kind: 'Deployment' }),
      resource('hook', { hook: true }),
    ];
    expect(shouldAutoSync(input({ resources, last: last(1) }))).toMatchObject({
      sync: true,
      operation: {
        sync: {
          revision: 'abc',
          prune: true,
          autoHealAttemptsCount: 1,
          resources: [
            { kind: 'ConfigMap', name: 'a', namespace: 'web' },
            { group: 'apps', kind: 'Deployment', name: 'web', namespace: 'web' },
          ],
        },
        initiatedBy: { automated: true },
      },
    });
  });

  test('of the namespace alone syncs everything', () => {
    const decision = shouldAutoSync(input({ namespaceDiffers: true, resources: [], last: last(1) }));
    expect(decision).toMatchObject({ sync: true, operation: { sync: { autoHealAttemptsCount: 1 } } });
    expect(decision.sync && decision.operation.sync).not.toHaveProperty('resources');
  });

  const made = (attempts: number, secondsAgo: number) => last(secondsAgo, {}, { autoHealAttemptsCount: attempts });

  test.each([
    [0, 0, 0],
    [2, 0, 0],
    [3, 0, 18],
    [3, 10, 8],
    [4, 0, 54],
    [5, 0, 162],
    [6, 0, 300],
    [20, 100, 200],
  ])('after %i heals, the last %i s ago, waits %i s', (attempts, secondsAgo, wait) => {
    const decision = shouldAutoSync(input({ last: made(attempts, secondsAgo) }));
    if (wait === 0) {
      expect(decision).toMatchObject({ operation: { sync: { autoHealAttemptsCount: attempts + 1 } } });
    } else {
      expect(decision).toMatchObject({ sync: false, retryAfterMs: wait * 1000 });
    }
  });

  test('begins to count anew after a quiet time', () => {
    expect(shouldAutoSync(input({ last: made(20, 300) }))).toMatchObject({
      operation: { sync: { autoHealAttemptsCount: 1 } },
    });
  });

  test('takes a fixed pause where one is configured', () => {
    const selfHeal = { firstMs: 2000, factor: 3, capMs: 300_000, freeAttempts: 0, fixedMs: 7000 };
    expect(shouldAutoSync(input({ selfHeal, last: made(1, 2) }))).toMatchObject({ retryAfterMs: 5000 });
  });
});
