import type { Operation, OperationState } from '@plumbline/apis';
import { expect, it } from 'vitest';
import { attemptId, currentState, isResting } from './running-operation.ts';

const now = '2026-01-02T00:00:00Z';
const before = '2026-01-01T00:00:00Z';
const operation: Operation = { sync: { prune: true } };

function state(more: Partial<OperationState> = {}): OperationState {
  return { operation, phase: 'Running', startedAt: before, message: 'waiting', ...more };
}

it.each<[string, OperationState | undefined, boolean]>([
  ['goes on while it runs', state(), true],
  ['goes on while it is terminated', state({ phase: 'Terminating' }), true],
  ['goes on however its members are ordered', state({ operation: JSON.parse('{"sync":{"prune":true}}') }), true],
  ['begins where nothing is known', undefined, false],
  ['begins anew when it is over', state({ phase: 'Succeeded' }), false],
  ['begins anew when it has failed', state({ phase: 'Failed' }), false],
  ['begins in place of another one', state({ operation: { sync: {} } }), false],
])('an operation %s', (_case, known, goesOn) => {
  const current = currentState(operation, known, now);
  if (goesOn) expect(current).toBe(known);
  else expect(current).toEqual({ operation, phase: 'Running', startedAt: now, message: '' });
});

it.each([
  ['another try', state({ retryCount: 1 })],
  ['another start', state({ startedAt: now })],
  ['another operation in the same second', state({ operation: { sync: {} } })],
])('an attempt is told from %s', (_case, other) => {
  expect(attemptId(other)).not.toBe(attemptId(state()));
  expect(attemptId(state({ message: 'other' }))).toBe(attemptId(state()));
});

it('an attempt is known however the API server orders the members of its operation', () => {
  const own = state({ operation: { sync: { prune: true, revision: 'a' }, initiatedBy: { automated: true } } });
  const read = state({ operation: { initiatedBy: { automated: true }, sync: { revision: 'a', prune: true } } });
  expect(attemptId(read)).toBe(attemptId(own));
});

it.each([
  ['running', state(), false],
  ['running with a finish time', state({ finishedAt: now }), true],
  ['over', state({ phase: 'Failed', finishedAt: now }), false],
  ['terminated while it rested', state({ phase: 'Terminating', finishedAt: now }), false],
])('an operation that is %s rests: %#', (_case, of, resting) => {
  expect(isResting(of)).toBe(resting);
});
