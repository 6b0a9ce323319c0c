import type { RowName } from './figures.ts';

/** Upper bounds in multiples of the row's unit. */
interface Goal {
  wall?: number;
  cpu?: number;
}

/**
 * What to grow into, for 100 to 1,000 applications on one machine with the API server. F is the wall time of `floor`
 * in the same run; drift is told in bare PATCH and GET pairs.
 */
export const goals: Readonly<Record<RowName, Goal>> = {
  floor: {},
  'first-sync': { wall: 4, cpu: 5 },
  'noop-refresh': { wall: 0.3, cpu: 0.25 },
  'commit-changed': { wall: 0.3 },
  'commit-all': { wall: 0.6, cpu: 0.5 },
  'drift-p50': { wall: 15 },
  'drift-max': { wall: 40 },
  'helm-first-sync': { wall: 1.5, cpu: 3.5 },
  'big-first-sync': { wall: 1.5, cpu: 1 },
  'big-noop-refresh': { wall: 0.05, cpu: 0.03 },
  'hard-refresh': { wall: 2.5, cpu: 4 },
  delete: { wall: 2.5, cpu: 0.9 },
};

/** MiB of all engine processes, Redis included, at the peak. */
export const memoryGoal = 300;
