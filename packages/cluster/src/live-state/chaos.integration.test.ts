import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '@plumbline/manifests';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom, unleash } from '../test-support/chaos.ts';
import { configMapIn, faultyClient, sharedClient } from '../test-support/clients.ts';
import { startLive, trackedIn } from '../test-support/live.ts';
import type { KubeClient, LiveState } from '../types.ts';

const runMs = 8_000;
const background = { propagationPolicy: 'Background' } as const;

let client: KubeClient;
let namespace: TestNamespace;

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'chaos');
}, 600_000);

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

/** Creates, changes, deletes and makes anew objects of a few names, managed and not, until the time is over. */
async function stir(random: () => number, until: number): Promise<void> {
  for (let round = 0; Date.now() < until; round += 1) {
    const name = `c-${Math.floor(random() * 40)}`;
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name };
    const plain = configMapIn(namespace.name, name, { round: String(round) });
    const object = random() < 0.5 ? trackedIn(namespace.name, 'stirred', plain) : plain;
    const act = random();
    if (act < 0.3) await client.delete(ref, background).catch(() => undefined);
    else await client.apply(object, { fieldManager: 'chaos', force: true });
    if (random() < 0.2) await delay(random() * 100);
  }
}

const identity = ({ metadata }: KubeObject) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`;

async function fresh(): Promise<string[]> {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name });
  return items.map(identity).sort();
}

function cached(live: LiveState, names: readonly string[]): string[] {
  return names
    .map((name) => live.get({ group: '', kind: 'ConfigMap', namespace: namespace.name, name }))
    .flatMap((node) => (node ? [`${node.key.name} ${node.uid} ${node.resourceVersion}`] : []))
    .sort();
}

it.each([1, 2, 3])(
  'equals a fresh list within 10 s after mishaps of all kinds (seed %i)',
  async (seed) => {
    await using faulty = await faultyClient();
    const live = startLive(faulty.client);
    await live.ready();
    const calm = unleash(faulty.proxy, seed);
    await stir(seededRandom(seed + 1_000), Date.now() + runMs);
    calm();
    const names = Array.from({ length: 40 }, (_, index) => `c-${index}`).concat('kube-root-ca.crt');
    await eventually(async () => JSON.stringify(cached(live, names)) === JSON.stringify(await fresh()), {
      what: 'the cache to equal a fresh list',
      timeoutMs: 10_000,
    });
    const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name });
    const tracked = items.filter(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/tracking-id']);
    const held = live.managedBy('stirred').map(({ object }) => object?.['data']);
    expect(held.map((data) => JSON.stringify(data)).sort()).toEqual(
      tracked.map((item) => JSON.stringify(item['data'])).sort(),
    );
    await eventually(() => live.failures().size === 0, { what: 'no failures', timeoutMs: 10_000 });
    await live.close();
  },
  60_000,
);
