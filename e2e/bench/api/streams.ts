import { setTimeout as pause } from 'node:timers/promises';
import { applicationApiVersion } from '@plumbline/apis';
import { processCosts } from '../process-costs.ts';
import { percentile } from '../statistics.ts';
import { fleetNames, type Line, type Setting, serverOf } from './setting.ts';

const listeners = 200;
const changesASecond = 50;
const seconds = 10;
/** What the last listener may still be told after the last change. */
const afterMs = 3_000;

interface Listener {
  /** Delays of the changes it was told, in ms. */
  delays: number[];
  /** Ends with the stream; throws where that broke before it was to end. */
  done: Promise<void>;
}

/** When each change was accepted, by its mark. */
type Sent = Map<string, number>;

const markPattern = /"bench-mark-(\d+)"/g;

async function listen(url: string, token: string, sent: Sent, signal: AbortSignal): Promise<Listener> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  if (!response.ok || !response.body) throw new Error(`${url} answers ${response.status}`);
  const { body } = response;
  const delays: number[] = [];
  const read = async () => {
    let rest = '';
    for await (const chunk of body) {
      const text = rest + Buffer.from(chunk).toString('latin1');
      const end = text.lastIndexOf('\n') + 1;
      for (const [, mark = ''] of text.slice(0, end).matchAll(markPattern)) {
        const at = sent.get(mark);
        if (at !== undefined) delays.push(performance.now() - at);
      }
      rest = text.slice(end);
    }
  };
  const done = read().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { delays, done };
}

/** Changes marks of Applications at an even pace. */
async function change({ bench }: Setting, sent: Sent): Promise<void> {
  const { client, controlNamespace: namespace } = bench;
  const names = fleetNames(bench);
  const started = performance.now();
  const writes: Promise<unknown>[] = [];
  for (let index = 0; index < changesASecond * seconds; index += 1) {
    const name = names[(index * 7) % names.length] ?? '';
    const ref = { apiVersion: applicationApiVersion, kind: 'Application', namespace, name };
    const mark = String(index);
    const patch = { status: { summary: { images: [`bench-mark-${mark}`] } } };
    sent.set(mark, performance.now());
    writes.push(client.patch(ref, patch, { type: 'merge' }));
    await pause(Math.max(0, started + ((index + 1) * 1000) / changesASecond - performance.now()));
  }
  await Promise.all(writes);
}

/** Many listeners, each told of every change. */
export async function streams(setting: Setting): Promise<Line[]> {
  const { url, ready, admin } = setting;
  const sent: Sent = new Map();
  const stop = new AbortController();
  const list = await fetch(`${url}/api/v1/applications?fields=metadata`, {
    headers: { authorization: `Bearer ${admin}` },
  });
  const { metadata } = (await list.json()) as { metadata: { resourceVersion: string } };
  const target = `${url}/api/v1/stream/applications?resourceVersion=${metadata.resourceVersion}`;
  const all: Listener[] = [];
  for (let index = 0; index < listeners; index += 1) all.push(await listen(target, admin, sent, stop.signal));
  const set = serverOf(ready);
  const before = await processCosts(set);
  await change(setting, sent);
  const after = await processCosts(set);
  await pause(afterMs);
  stop.abort();
  await Promise.all(all.map(({ done }) => done));
  const delays = all.flatMap((listener) => listener.delays);
  const told = delays.length / (listeners * sent.size);
  const core = (after.cpu - before.cpu) / seconds;
  const worst = percentile(delays, 0.99);
  return [
    [`${listeners} streams, ${changesASecond} changes/s, told of`, `${(told * 100).toFixed(1)} %`, '100 %'],
    ['… from change to listener, p99', `${(worst / 1000).toFixed(2)} s`, '≤ 0.5 s'],
    ['… CPU of the engine, its API server among it', `${core.toFixed(2)} cores`, '≤ 1'],
  ];
}
