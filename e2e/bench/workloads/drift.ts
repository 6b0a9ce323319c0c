import { setTimeout as pause } from 'node:timers/promises';
import type { KubeObject } from '@plumbline/manifests';
import type { Bench } from '../bench.ts';
import { median } from '../statistics.ts';
import type { Workload } from './workload.ts';

const lookMs = 3;

/** One changed field after the other, each until it is healed; and what one PATCH and GET take by themselves. */
export const drift: Workload = async (bench) => {
  const names = bench.names.slice(0, bench.options.drifts);
  const bare: number[] = [];
  for (const name of names) bare.push(await timed(() => patchAndGet(bench, `${name}-2`)));
  const healed: number[] = [];
  for (const name of names) healed.push(await timed(() => driftAndHeal(bench, `${name}-0`)));
  return {
    rows: [
      { name: 'drift-p50', title: 'drift healed, p50', unit: 'bare', cost: { wall: median(healed) } },
      { name: 'drift-max', title: 'drift healed, max', unit: 'bare', cost: { wall: Math.max(...healed) } },
    ],
    bare: median(bare),
  };
};

async function patchAndGet({ client, namespace }: Bench, name: string): Promise<void> {
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name };
  await client.patch(reference, { metadata: { annotations: { bench: '1' } } }, { type: 'merge' });
  await client.get(reference);
}

async function driftAndHeal({ client, namespace, options }: Bench, name: string): Promise<void> {
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name };
  const deadline = performance.now() + options.timeoutMs;
  await client.patch(reference, { data: { key: 'drifted' } }, { type: 'merge' });
  while (keyOf(await client.get(reference)) === 'drifted') {
    if (performance.now() > deadline) throw new Error(`the drift of ConfigMap ${namespace}/${name} is not healed`);
    await pause(lookMs);
  }
}

function keyOf(object: KubeObject): unknown {
  return (object['data'] as Record<string, unknown> | undefined)?.['key'];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
