import type { Bench } from './bench.ts';
import type { Figures, Row } from './figures.ts';
import { openBench } from './open-bench.ts';
import type { BenchOptions } from './options.ts';
import { workloads } from './workloads/index.ts';

/** Runs the workloads one after the other and tells each row as it comes. */
export async function runBench(options: BenchOptions, say: (line: string) => void): Promise<Figures> {
  say(options.readyFile ? `measuring the engine of ${options.readyFile}` : 'starting an engine');
  await using opened = await openBench(options);
  return { apps: options.apps, ...(await runWorkloads(opened.bench, say)) };
}

async function runWorkloads(bench: Bench, say: (line: string) => void): Promise<Omit<Figures, 'apps'>> {
  const rows: Row[] = [];
  let bare: number | undefined;
  for (const name of bench.options.workloads) {
    const result = await workloads[name](bench);
    bare = result.bare ?? bare;
    rows.push(...result.rows);
    for (const { title, cost } of result.rows) say(`${title}: ${cost.wall.toFixed(2)} s`);
  }
  return { rows, ...(bare === undefined ? {} : { bare }) };
}
