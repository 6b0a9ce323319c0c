import { randomBytes } from 'node:crypto';
import type { ReadyFile } from '@plumbline/standalone';
import { createStore } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { processCosts } from '../process-costs.ts';

/** What a controller asks of a repo-server, through the queue, and what it costs the engine. */
export interface RepoServerCalls extends AsyncDisposable {
  /** The commit that HEAD is. */
  resolve(): Promise<string>;
  render(path: string, revision: string): Promise<void>;
  /** Seconds and renders of a piece of work. */
  measure(work: () => Promise<void>): Promise<{ wall: number; cpu: number; renders: number }>;
}

const context = {
  appName: 'bench',
  project: 'default',
  namespace: 'bench',
  kubeVersion: '1.36.1',
  apiVersions: ['v1'],
};
const options = { timeoutMs: 300_000 };

/** Renders that were run, not answered from the cache. */
async function rendersOf(metricsUrl: string): Promise<number> {
  const page = await (await fetch(metricsUrl)).text();
  return Number(/^plumbline_render_total\{[^}]*result="rendered"[^}]*\} (\S+)/m.exec(page)?.[1] ?? 0);
}

export async function openRepoServer(ready: ReadyFile, repoURL: string): Promise<RepoServerCalls> {
  // The queue carries nothing sealed: any key will do.
  const store = await createStore({ redisUrl: ready.redisUrl, sealKey: randomBytes(32), logger: silentLogger });
  const queue = store.queue<object, { revision: string }>('render');
  const set = { roots: ready.pids.engine, except: ready.pids.controlPlane };
  const metricsUrl = ready.metricsUrls['repo-server'] ?? '';
  const call = (request: object) => queue.call(`bench-${randomBytes(8).toString('hex')}`, request, options);
  const readings = async () => ({ cpu: (await processCosts(set)).cpu, renders: await rendersOf(metricsUrl) });
  return {
    async resolve() {
      return (await call({ kind: 'resolve', repoURL, project: 'default', targetRevision: 'HEAD' })).revision;
    },
    async render(path, revision) {
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
    [Symbol.asyncDispose]: () => store.close(),
  };
}
