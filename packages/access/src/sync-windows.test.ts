import type { AppProject, SyncWindow } from '@plumbline/apis';
import { describe, expect, test } from 'vitest';
import { activeWindows, mayOverrun, syncWindows } from './sync-windows.ts';

const now = new Date('2026-03-04T12:30:00Z'); // A Wednesday.
const query = { application: 'web', namespace: 'shop', cluster: 'https://prod' };
const open = { schedule: '0 12 * * *', duration: '1h', applications: ['*'] };
const closed = { schedule: '0 3 * * *', duration: '1h', applications: ['*'] };

function project(...syncWindows: SyncWindow[]): AppProject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'p' }, spec: { syncWindows } };
}
const may = (...windows: SyncWindow[]) => {
  const { automatedDenied, manualDenied } = syncWindows(project(...windows), query, now);
  return [automatedDenied === undefined, manualDenied === undefined];
};

describe('sync windows', () => {
  test.each<[string, SyncWindow[], [boolean, boolean]]>([
    ['none', [], [true, true]],
    ['an open deny', [{ kind: 'deny', ...open }], [false, false]],
    ['an open deny with manualSync', [{ kind: 'deny', ...open, manualSync: true }], [false, true]],
    [
      'open denies, one without manualSync',
      [
        { kind: 'deny', ...open, manualSync: true },
        { kind: 'deny', ...open },
      ],
      [false, false],
    ],
    ['a closed deny', [{ kind: 'deny', ...closed }], [true, true]],
    ['an open allow', [{ kind: 'allow', ...open }], [true, true]],
    ['a closed allow', [{ kind: 'allow', ...closed }], [false, false]],
    ['a closed allow with manualSync', [{ kind: 'allow', ...closed, manualSync: true }], [false, true]],
    [
      'one open and one closed allow',
      [
        { kind: 'allow', ...open },
        { kind: 'allow', ...closed },
      ],
      [true, true],
    ],
    [
      'an open allow and an open deny',
      [
        { kind: 'allow', ...open },
        { kind: 'deny', ...open },
      ],
      [false, false],
    ],
  ])('with %s decide on automated and manual syncs', (_, windows, expected) => {
    expect(may(...windows)).toEqual(expected);
  });

  test.each<[Partial<SyncWindow>, boolean]>([
    [{ applications: ['w*'] }, true],
    [{ applications: ['other'] }, false],
    [{ applications: ['other'], namespaces: ['shop'] }, true],
    [{ applications: ['web'], namespaces: ['other'], andOperator: true }, false],
    [{ namespaces: ['sh*'], clusters: ['https://prod'], andOperator: true }, true],
    [{ clusters: ['https://other'] }, false],
    [{}, false],
  ])('that name %j concern the Application: %s', (match, concerned) => {
    const state = syncWindows(project({ kind: 'deny', schedule: '* * * * *', duration: '1h', ...match }), query, now);
    expect(state.assigned.length > 0).toBe(concerned);
  });

  test.each<[string, string, string | undefined, boolean]>([
    ['30 12 * * *', '1m', undefined, true],
    ['29 12 * * *', '1m', undefined, false],
    ['29 12 * * *', '2m', undefined, true],
    ['0 21 * * *', '1h', 'Asia/Tokyo', true],
    ['0 21 * * *', '1h', undefined, false],
    ['0 0 1 * WED', '24h', undefined, true],
    ['0 0 1 * 4', '24h', undefined, false],
    ['@daily', '13h', undefined, true],
    ['0 18 * * 5', '120h', undefined, true],
  ])('with the schedule %j for %s in %s are open: %s', (schedule, duration, timeZone, isOpen) => {
    const window = { kind: 'deny', schedule, duration, ...(timeZone ? { timeZone } : {}) };
    expect(activeWindows(project(window), now).length > 0).toBe(isOpen);
  });

  test.each(['x * * * *', '* * * *', '0 * * * * *'])('that cannot be read never let a sync through: %j', (schedule) => {
    for (const kind of ['deny', 'allow']) {
      const state = syncWindows(project({ kind, ...open, schedule }), query, now);
      expect(state.automatedDenied).toBeDefined();
      expect(state.problems).toHaveLength(1);
    }
    const zone = syncWindows(project({ kind: 'deny', ...open, timeZone: 'Nowhere/Land' }), query, now);
    expect(zone.problems[0]).toContain('Nowhere/Land');
  });

  test('say which of them denies', () => {
    const { manualDenied } = syncWindows(project({ kind: 'deny', ...open, description: 'lunch' }), query, now);
    expect(manualDenied).toBe('closed by the sync window deny "0 12 * * *" for 1h (lunch)');
  });

  test('let a sync end that began before they closed, where they say so', () => {
    const startedAt = new Date('2026-03-04T11:59:00Z');
    const run = { startedAt, now, automated: true };
    expect(mayOverrun(project({ kind: 'deny', ...open, syncOverrun: true }), query, run)).toBe(true);
    expect(mayOverrun(project({ kind: 'deny', ...open }), query, run)).toBe(false);
    const within = { ...run, startedAt: new Date('2026-03-04T12:10:00Z') };
    expect(mayOverrun(project({ kind: 'deny', ...open, syncOverrun: true }), query, within)).toBe(false);
  });
});
