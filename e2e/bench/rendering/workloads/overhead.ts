import { median } from '../../statistics.ts';
import { type BareRun, bareRuns } from '../bare-runs.ts';
import { type Line, type Setting, times } from '../setting.ts';

/** Folders that the engine has not rendered yet, and the bare tool on each. */
interface Sample {
  tool: 'kustomize build' | 'helm template';
  paths: readonly string[];
  bare(path: string): BareRun;
  /** Multiple of the bare tool's latency and CPU that a render may take. */
  goal: number;
}

/** One render after the other, each beside the bare tool on the same folder, so that both meet the same machine. */
export async function overhead({ server, repository }: Setting, { tool, paths, bare, goal }: Sample): Promise<Line[]> {
  const repoURL = repository.url;
  await repository.commit(`sample of ${tool}`);
  const revision = await server.resolve(repoURL);
  const bareLatencies: number[] = [];
  const each = async (between: (path: string) => Promise<void>) => {
    const latencies: number[] = [];
    const cost = await server.measure(async () => {
      for (const path of paths) {
        const started = performance.now();
        await server.render({ repoURL, path }, revision);
        latencies.push((performance.now() - started) / 1000);
        await between(path);
      }
    });
    return { latency: median(latencies), cpu: cost.cpu / paths.length };
  };
  const fresh = await each(async (path) => {
    bareLatencies.push((await bareRuns([bare(path)], 1)).wall);
  });
  const known = await each(async () => {});
  const bareCpu = (await bareRuns(paths.map(bare), 1)).cpu / paths.length;
  return [
    [`render, latency of the bare ${tool}`, times(fresh.latency, median(bareLatencies)), `≤ ${goal} ×`],
    [`render, CPU of the bare ${tool}`, times(fresh.cpu, bareCpu), `≤ ${goal} ×`],
    ['cache hit, latency of a render', times(known.latency, fresh.latency), '≤ 0.1 ×'],
    ['cache hit, CPU of a render', times(known.cpu, fresh.cpu), '≤ 0.1 ×'],
  ];
}
