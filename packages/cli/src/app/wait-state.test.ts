import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { waitFor, waitVerdict } from './wait-state.ts';

const base = application({ name: 'web', repoURL: 'r', destinationNamespace: 'n' });
const state = (
  sync: 'Synced' | 'OutOfSync',
  health: 'Healthy' | 'Degraded' | 'Suspended' | 'Progressing',
  more = {},
) => ({
  ...base,
  status: { sync: { status: sync }, health: { status: health } },
  ...more,
});
const running = { operation: { sync: {} } };

describe('waitVerdict', () => {
  it.each([
    ['no flag: all three', {}, state('Synced', 'Healthy'), 'done'],
    ['no flag, an operation runs', {}, state('Synced', 'Healthy', running), 'waiting'],
    ['no flag, not synced', {}, state('OutOfSync', 'Healthy'), 'waiting'],
    ['health alone', { health: true }, state('OutOfSync', 'Healthy'), 'done'],
    ['health, Degraded', { health: true }, state('Synced', 'Degraded'), 'failed'],
    ['health, Degraded while an operation runs', { health: true }, state('Synced', 'Degraded', running), 'waiting'],
    ['sync alone, Degraded', { sync: true }, state('Synced', 'Degraded'), 'done'],
    ['one of several healths', { health: true, suspended: true }, state('Synced', 'Suspended'), 'done'],
    ['degraded, when it is', { degraded: true }, state('Synced', 'Degraded'), 'done'],
    ['operation alone', { operation: true }, state('OutOfSync', 'Progressing'), 'done'],
  ])('%s', (_, flags, now, expected) => {
    expect(waitVerdict(now, waitFor(flags)).state).toBe(expected);
  });
});
