import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eachLimited } from '../each-limited.ts';
import { processCosts } from '../process-costs.ts';

const run = promisify(execFile);

/** What the tool alone costs: `kustomize build` of each folder, so many at one time. Seconds in all. */
export async function bareBuilds(
  kustomize: string,
  folders: readonly string[],
  atOnce: number,
): Promise<{ wall: number; cpu: number }> {
  const own = { roots: [process.pid], except: [] };
  const before = await processCosts(own);
  const started = performance.now();
  await eachLimited(folders, atOnce, (folder) => run(kustomize, ['build', folder], { maxBuffer: 2 ** 26 }));
  const wall = (performance.now() - started) / 1000;
  const after = await processCosts(own);
  return { wall, cpu: after.cpu - before.cpu };
}
