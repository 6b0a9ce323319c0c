import type { OperationState, RevisionHistory } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { appendHistory } from './history.ts';

const entry = (id: number): RevisionHistory => ({ id, revision: 'old', deployedAt: '2025-01-01T00:00:00Z' });
const entries = (count: number) => Array.from({ length: count }, (_, id) => entry(id));

function state(more: Partial<OperationState> = {}, sync: object = {}): OperationState {
  return {
    operation: { sync: { ...sync } },
    phase: 'Succeeded',
    message: '',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:05Z',
    syncResult: { revision: revisionA, source },
    ...more,
  };
}

function app(history: RevisionHistory[], limit?: number) {
  const { spec } = shop();
  return shop({
    spec: { ...spec, ...(limit === undefined ? {} : { revisionHistoryLimit: limit }) },
    status: { history },
  });
}

const idsAfter = (history: RevisionHistory[], limit?: number, of = state()) =>
  appendHistory(app(history, limit), of, { revisions: [revisionA] }).map(({ id }) => id);

describe('the history', () => {
  it.each([
    ['begins with number 0', [], undefined, [0]],
    ['counts on from the last number', [entry(41)], undefined, [41, 42]],
    ['keeps ten entries', entries(10), undefined, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['keeps as many as the spec says', entries(5), 2, [4, 5]],
    ['is empty with a limit of 0', entries(5), 0, []],
  ])('%s', (_case, history, limit, ids) => {
    expect(idsAfter(history, limit)).toEqual(ids);
  });

  it.each([
    ['failures', state({ phase: 'Failed' })],
    ['errors', state({ phase: 'Error' })],
    ['dry runs', state({}, { dryRun: true })],
    ['selective syncs', state({}, { resources: [{ kind: 'ConfigMap', name: 'a' }] })],
    ['operations without a sync', { ...state(), operation: {} }],
  ])('does not tell of %s', (_case, of) => {
    expect(idsAfter([entry(3)], undefined, of)).toEqual([3]);
  });

  it('tells what was deployed, when, and by whom', () => {
    const by = state({ operation: { sync: {}, initiatedBy: { username: 'ann' } } });
    expect(appendHistory(app([]), by, { revisions: [revisionA] })).toEqual([
      {
        id: 0,
        revision: revisionA,
        source,
        deployStartedAt: '2026-01-01T00:00:00Z',
        deployedAt: '2026-01-01T00:00:05Z',
        initiatedBy: { username: 'ann' },
      },
    ]);
  });

  it('tells the revision of each of several sources', () => {
    const sources = [source, { ...source, path: 'api' }];
    const several = state({ syncResult: { revision: '', revisions: [revisionA, revisionB], sources } });
    const { source: _one, ...spec } = shop().spec;
    const [last] = appendHistory(shop({ spec: { ...spec, sources } }), several, { revisions: [revisionA, revisionB] });
    expect(last).toMatchObject({ revisions: [revisionA, revisionB], sources });
    expect(last).not.toHaveProperty('revision');
    expect(last).not.toHaveProperty('source');
  });
});
