import type { Bench } from '../bench.ts';
import type { Cost, Row } from '../figures.ts';
import { writeOverlay } from '../fleet.ts';
import { median } from '../statistics.ts';
import type { Workload } from './workload.ts';

/** A commit that changes one Application of the fleet, several times: until that one is synced, until all know it. */
export const commitOne: Workload = async (bench) => {
  const changed: number[] = [];
  const all: Cost[] = [];
  for (let round = 0; round < bench.options.rounds; round += 1) {
    const outcome = await commitRound(bench, round);
    changed.push(outcome.changed);
    all.push(outcome.all);
  }
  const of = `commit to 1 of ${bench.names.length}:`;
  const row = (name: Row['name'], what: string, cost: Cost): Row => ({
    name,
    title: `${of} ${what}`,
    unit: 'floor',
    cost,
  });
  return {
    rows: [
      row('commit-changed', 'that one synced', { wall: median(changed) }),
      row('commit-all', 'all at the revision', middle(all)),
    ],
  };
};

async function commitRound(bench: Bench, round: number): Promise<{ changed: number; all: Cost }> {
  const { meter, names, namespace, repository, watch, askForRefresh } = bench;
  const name = names[(7 * round) % names.length] ?? '';
  writeOverlay(repository, name, { namespace, image: `2.${round}` });
  const head = await repository.commit(`change ${name}`);
  let changed = 0;
  const all = await meter(async () => {
    const started = performance.now();
    const seen = watch
      .until('the changed application', () => watch.isSynced(name, head))
      .then(() => {
        changed = (performance.now() - started) / 1000;
      });
    await Promise.all([seen, askForRefresh([name, ...names.filter((other) => other !== name)], 'normal')]);
    await watch.until('all applications at the commit', () => names.every((each) => watch.isSynced(each, head)));
  });
  return { changed, all };
}

/** The cost of the round whose wall time is in the middle. */
function middle(costs: readonly Cost[]): Cost {
  const sorted = [...costs].sort((a, b) => a.wall - b.wall);
  const cost = sorted[Math.floor(sorted.length / 2)];
  if (!cost) throw new RangeError('there was no round');
  return cost;
}
