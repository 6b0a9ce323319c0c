import { expect, it } from 'vitest';
import { stampConditions } from './conditions.ts';

const now = '2026-01-02T00:00:00Z';
const before = '2026-01-01T00:00:00Z';
const former = (type: string, message: string) => ({ type, message, lastTransitionTime: before });

it.each([
  ['stamps what is new', [{ type: 'SyncError', message: 'a' }], [], [['SyncError', 'a', now]]],
  [
    'keeps the time of what stays',
    [{ type: 'SyncError', message: 'a' }],
    [former('SyncError', 'a')],
    [['SyncError', 'a', before]],
  ],
  [
    'stamps anew what says something else',
    [{ type: 'SyncError', message: 'b' }],
    [former('SyncError', 'a')],
    [['SyncError', 'b', now]],
  ],
  ['drops what is over', [], [former('SyncError', 'a')], []],
  [
    'sorts by type and message',
    [
      { type: 'SyncError', message: 'a' },
      { type: 'ComparisonError', message: 'z' },
      { type: 'ComparisonError', message: 'b' },
    ],
    [],
    [
      ['ComparisonError', 'b', now],
      ['ComparisonError', 'z', now],
      ['SyncError', 'a', now],
    ],
  ],
])('%s', (_case, findings, known, expected) => {
  const stamped = stampConditions(findings, known, now);
  expect(stamped.map(({ type, message, lastTransitionTime }) => [type, message, lastTransitionTime])).toEqual(expected);
});
