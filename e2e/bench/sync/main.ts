import type { Bench } from '../bench.ts';
import type { Cost, Row, RowName } from '../figures.ts';
import { goals } from '../goals.ts';
import { openBench } from '../open-bench.ts';
import { parseOptions } from '../options.ts';
import { table } from '../table.ts';
import { drift } from '../workloads/drift.ts';
import { deletion, firstSync } from '../workloads/fleet-workloads.ts';
import { floor } from '../workloads/floor.ts';
import { bigApplication } from '../workloads/sources.ts';

const big = 'bench-big';

type Line = readonly [what: string, wall: string, cpu: string, goal: string];

/** A commit that changes one object of the big Application, until that is synced. */
async function syncOneChange({ repository, meter, watch, askForRefresh }: Bench): Promise<Cost> {
  const metadata = { name: 'big-00000' };
  repository.write('big/big-00000.yaml', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: 'changed' } });
  const head = await repository.commit('change one object');
  return meter(async () => {
    await askForRefresh([big], 'normal');
    await watch.until('the changed object', () => watch.isSynced(big, head));
  });
}

function rowOf(rows: readonly Row[], name: RowName): Row {
  const row = rows.find((item) => item.name === name);
  if (!row) throw new RangeError(`the row ${name} was not measured`);
  return row;
}

function goalOf(name: RowName, unit: string): string {
  const { wall, cpu } = goals[name];
  return `≤ ${wall ?? '—'} ${unit} wall${cpu === undefined ? '' : `, ${cpu} ${unit} CPU`}`;
}

async function measure(bench: Bench): Promise<Line[]> {
  const unit = rowOf((await floor(bench)).rows, 'floor').cost.wall;
  const inFloors = (seconds: number | undefined): string =>
    seconds === undefined ? '—' : `${(seconds / unit).toFixed(2)} F`;
  const first = rowOf((await bigApplication(bench)).rows, 'big-first-sync');
  const again = await syncOneChange(bench);
  await firstSync(bench);
  const healing = await drift(bench);
  const healed = rowOf(healing.rows, 'drift-p50');
  const deleted = rowOf((await deletion(bench)).rows, 'delete');
  const pairs = (healed.cost.wall / (healing.bare ?? Number.NaN)).toFixed(1);
  return [
    [first.title, inFloors(first.cost.wall), inFloors(first.cost.cpu), goalOf('big-first-sync', 'F')],
    ['… again, with one change', inFloors(again.wall), inFloors(again.cpu), '≤ 0.3 F wall'],
    [healed.title, `${pairs} × PATCH and GET`, '—', goalOf('drift-p50', '×')],
    [deleted.title, inFloors(deleted.cost.wall), inFloors(deleted.cost.cpu), goalOf('delete', 'F')],
  ];
}

async function main(): Promise<void> {
  const options = parseOptions(['--apps', '200', ...process.argv.slice(2)]);
  if (!options) return;
  await using opened = await openBench(options);
  console.log(table([['sync', 'wall', 'CPU', 'goal'], ...(await measure(opened.bench))]));
}

await main();
