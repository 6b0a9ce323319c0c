import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadyFile } from '@plumbline/standalone';
import { processCosts } from '../process-costs.ts';
import { lists } from './lists.ts';
import type { Line, Setting } from './setting.ts';
import { streams } from './streams.ts';

const entry = resolve(import.meta.dirname, '../../../packages/api-server/src/main.ts');
const startLimitMs = 60_000;
const sampleMs = 200;
const longestLog = 100_000;

interface AloneServer extends AsyncDisposable {
  pid: number;
  url: string;
}

/** The address in the line of the log, on stderr, that says that it is ready. */
async function addressOf(child: ChildProcess): Promise<string> {
  let text = '';
  const limit = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  const { promise, resolve: found, reject } = Promise.withResolvers<string>();
  child.stderr?.on('data', (chunk: Buffer) => {
    if (text.length < longestLog) text += chunk.toString('utf8');
    const [, url] = /"url":"([^"]+)"[^\n]*the API server is ready/.exec(text) ?? [];
    if (url) found(url);
  });
  child.once('exit', () => reject(new Error(`the API server does not start:\n${text}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
  }
}

/** An API server as a process of its own, on the cluster and the Redis of a running engine. */
async function startAlone({ kubeconfig, namespace, redisUrl }: ReadyFile): Promise<AloneServer> {
  const env = {
    ...process.env,
    PLUMB_KUBECONFIG: kubeconfig,
    PLUMB_NAMESPACE: namespace,
    PLUMB_REDIS_URL: redisUrl,
    PLUMB_PORT: '0',
    PLUMB_METRICS_PORT: '0',
    PLUMB_INSECURE: 'true',
  };
  const child = spawn(process.execPath, ['--max-semi-space-size=8', entry], {
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    const url = await addressOf(child);
    return { pid: child.pid ?? 0, url, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The most that a process holds until `signal` aborts, in MiB. */
async function peakMemory(pid: number, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    peak = Math.max(peak, (await processCosts({ roots: [pid], except: [] })).memory);
    await pause(sampleMs);
  }
  return peak;
}

/** What an API server without a controller beside it holds under the same load. */
export async function alone(setting: Setting): Promise<Line[]> {
  await using server = await startAlone(setting.ready);
  const { pid, url } = server;
  const own = { ...setting, url, ready: { ...setting.ready, pids: { engine: [pid], controlPlane: [] } } };
  const done = new AbortController();
  const peak = peakMemory(pid, done.signal);
  await lists(own);
  await streams(own);
  done.abort();
  return [['memory of an API server alone, lists and streams, peak', `${(await peak).toFixed(0)} MiB`, '≤ 400 MiB']];
}
