import type { Cost, Figures, Row } from './figures.ts';
import { goals, memoryGoal } from './goals.ts';
import { ratio } from './statistics.ts';
import { table } from './table.ts';

const header = ['workload', 'wall', '', 'goal', 'CPU', '', 'goal', 'memory', 'API requests', 'Redis'];

/** The table of a run: figures, each beside its ratio and its goal, and what the units are. */
export function report(figures: Figures): string {
  const floor = figures.rows.find((row) => row.name === 'floor')?.cost.wall;
  const lines = figures.rows.map((row) => cells(row, { floor, bare: figures.bare }));
  const memory = Math.max(0, ...figures.rows.map((row) => row.cost.memory ?? 0));
  return [
    table([header, ...lines]),
    '',
    ...(floor === undefined
      ? ['No ratios: the workload `floor` did not run.']
      : [`F = ${seconds(floor)}: the objects of ${figures.apps} applications applied with no engine between.`]),
    ...(figures.bare === undefined ? [] : [`× = ${seconds(figures.bare)}: one bare PATCH and GET.`]),
    ...(memory > 0 ? [`Memory at the peak: ${memory.toFixed(0)} MiB (goal ${memoryGoal} MiB).`] : []),
  ].join('\n');
}

function cells({ name, title, unit, cost }: Row, units: { floor: number | undefined; bare: number | undefined }) {
  const sign = unit === 'floor' ? ' F' : ' ×';
  const goal = goals[name];
  const times = (value: number | undefined, of: number | undefined) => {
    const multiple = ratio(value, of);
    return multiple === undefined ? '' : `${round(multiple)}${sign}`;
  };
  const bound = (value: number | undefined) => (value === undefined ? '' : `≤ ${value}${sign}`);
  return [
    title,
    seconds(cost.wall),
    name === 'floor' ? '' : times(cost.wall, units[unit]),
    bound(goal.wall),
    cost.cpu === undefined ? '' : seconds(cost.cpu),
    times(cost.cpu, units.floor),
    bound(goal.cpu),
    cost.memory === undefined ? '' : `${cost.memory.toFixed(0)} MiB`,
    requests(cost),
    cost.redisBytes === undefined ? '' : `${(cost.redisBytes / 1024 ** 2).toFixed(1)} MiB`,
  ];
}

function requests({ kubeRequests }: Cost): string {
  if (!kubeRequests) return '';
  return String([...kubeRequests.values()].reduce((sum, value) => sum + value, 0));
}

function seconds(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(1)} s`;
}

function round(value: number): string {
  return value < 1 ? value.toFixed(2) : value.toFixed(1);
}
