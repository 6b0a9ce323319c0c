import { randomBytes } from 'node:crypto';
import type { ReadyFile } from '@plumbline/standalone';
import { createStore } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { processCosts } from '../process-costs.ts';

/** Where a source is. */
interface Place {
  repoURL: string;
  path: string;
}

/** What a controller asks of a repo-server, through the queue, and what it costs the engine. */
export interface RepoServerCalls extends AsyncDisposable {
  /** The commit that HEAD is. */
  resolve(repoURL: string): Promise<string>;
  render(place: Place, revision: string): Promise<void>;
  /** Seconds and renders of a piece of work. */
  measure(work: () => Promise<void>): Promise<{ wall: number; cpu: number; renders: number }>;
  /** Resident MiB at the peak of a piece of work: the repo-server, and Git and tools that it has started. */
  peakMemory(work: () => Promise<void>): Promise<number>;
}

const context = {
  appName: 'bench',
  project: 'default',
  namespace: 'bench',
  kubeVersion: '1.36.1',
  apiVersions: ['v1'],
};
const options = { timeoutMs: 300_000 };
const sampleMs = 100;

/** Renders that were run, not answered from the cache. */
async function rendersOf(metricsUrl: string): Promise<number> {
  const page = await (await fetch(metricsUrl)).text();
  return Number(/^plumbline_render_total\{[^}]*result="rendered"[^}]*\} (\S+)/m.exec(page)?.[1] ?? 0);
}

/** The highest reading while the work runs. */
async function peakOf(reading: () => Promise<{ memory: number }>, work: () => Promise<void>): Promise<number> {
  let peak = (await reading()).memory;
  const timer = setInterval(async () => {
    peak = Math.max(peak, (await reading()).memory);
  }, sampleMs);
  await work().finally(() => clearInterval(timer));
  return Math.max(peak, (await reading()).memory);
}

export async function openRepoServer(ready: ReadyFile): Promise<RepoServerCalls> {
  // The queue carries nothing sealed: any key will do.
  const store = await createStore({ redisUrl: ready.redisUrl, sealKey: randomBytes(32), logger: silentLogger });
  const queue = store.queue<object, { revision: string }>('render');
  const set = { roots: ready.pids.engine, except: ready.pids.controlPlane };
  const metricsUrl = ready.metricsUrls['repo-server'] ?? '';
  const call = (request: object) => queue.call(`bench-${randomBytes(8).toString('hex')}`, request, options);
  // The engine's processes are listed as itself, repo-servers, Redis.
  const repoServers = ready.pids.engine.slice(1, -1);
  const readings = async () => ({ cpu: (await processCosts(set)).cpu, renders: await rendersOf(metricsUrl) });
  return {
    async resolve(repoURL) {
      return (await call({ kind: 'resolve', repoURL, project: 'default', targetRevision: 'HEAD' })).revision;
    },
    async render({ repoURL, path }, revision) {
      await call({ kind: 'render', source: { repoURL, path, targetRevision: 'HEAD' }, revision, context });
    },
    async measure(work) {
      const before = await readings();
      const started = performance.now();
      await work();
      const wall = (performance.now() - started) / 1000;
      const after = await readings();
      return { wall, cpu: after.cpu - before.cpu, renders: after.renders - before.renders };
    },
    peakMemory: (work) => peakOf(() => processCosts({ roots: repoServers, except: [] }), work),
    [Symbol.asyncDispose]: () => store.close(),
  };
}
