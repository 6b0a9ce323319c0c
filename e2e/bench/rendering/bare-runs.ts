import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eachLimited } from '../each-limited.ts';
import { processCosts } from '../process-costs.ts';

const run = promisify(execFile);

/** A tool and what it is told. */
export type BareRun = readonly [program: string, ...args: string[]];

/** What the tool alone costs: each run, so many at one time. Seconds in all. */
export async function bareRuns(runs: readonly BareRun[], atOnce: number): Promise<{ wall: number; cpu: number }> {
  const own = { roots: [process.pid], except: [] };
  const before = await processCosts(own);
  const started = performance.now();
  await eachLimited(runs, atOnce, ([program, ...args]) => run(program, args, { maxBuffer: 2 ** 26 }));
  const wall = (performance.now() - started) / 1000;
  const after = await processCosts(own);
  return { wall, cpu: after.cpu - before.cpu };
}
