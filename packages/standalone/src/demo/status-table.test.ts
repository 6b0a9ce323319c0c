import type { Application } from '@plumbline/apis';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { isDone, type Row, rowsOf, tableLines } from './status-table.ts';

const row = (name: string, sync = 'Synced', health = 'Healthy', detail = ''): Row => ({ name, sync, health, detail });
const app = (name: string, status?: Application['status']): Application => ({
  ...application({ name, repoURL: 'https://git.example.com/x.git', destinationNamespace: 'web' }),
  status,
});
const operating = (phase: string, message = 'what happens') =>
  ({ operationState: { operation: {}, phase, message, startedAt: '' } }) as Application['status'];

describe('the rows', () => {
  it('are sorted by name, and Unknown where nothing was reported yet', () => {
    const rows = rowsOf([app('b'), app('a', { sync: { status: 'Synced' }, health: { status: 'Healthy' } })]);
    expect(rows).toEqual([row('a'), row('b', 'Unknown', 'Unknown')]);
  });

  it.each<[string, Application['status'], string]>([
    ['an operation under way', operating('Running'), 'what happens'],
    ['a failed operation', operating('Failed'), 'what happens'],
    ['the phase of an operation that says nothing', operating('Error', ''), 'Error'],
    ['nothing of a good end', operating('Succeeded'), ''],
    ['why the health is bad', { health: { status: 'Degraded', message: 'Caused by Pod' } }, 'Caused by Pod'],
    [
      'an error before all else',
      {
        ...operating('Running'),
        conditions: [
          { type: 'SharedResourceWarning', message: 'w' },
          { type: 'SyncError', message: 'e' },
        ],
      },
      'e',
    ],
  ])('tell of %s', (_case, status, detail) => {
    expect(rowsOf([app('a', status)])[0]?.detail).toBe(detail);
  });
});

describe('the table', () => {
  it('is aligned, without blanks at the ends of lines', () => {
    const rows = [row('guestbook-production'), row('a', 'OutOfSync', 'Progressing', 'waiting for frontend')];
    expect(tableLines(rows)).toEqual([
      'APPLICATION           SYNC       HEALTH',
      'guestbook-production  Synced     Healthy',
      'a                     OutOfSync  Progressing  waiting for frontend',
    ]);
  });

  it('is a head where there are no rows', () => {
    expect(tableLines([])).toEqual(['APPLICATION  SYNC       HEALTH']);
  });
});

it.each([
  ['all are there and well', [row('a'), row('b')], 2, true],
  ['there are more than expected', [row('a'), row('b')], 1, true],
  ['one is missing', [row('a')], 2, false],
  ['one is out of sync', [row('a'), row('b', 'OutOfSync')], 2, false],
  ['one is not healthy', [row('a'), row('b', 'Synced', 'Progressing')], 2, false],
])('is done when %s: %#', (_case, rows, expected, done) => {
  expect(isDone(rows, expected)).toBe(done);
});
