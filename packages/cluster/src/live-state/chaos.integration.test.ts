import { setTimeout as delay } from 'node:timers/promises';
import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom, unleash } from '../test-support/chaos.ts';
import { configMapIn, faultyClient, sharedClient } from '../test-support/clients.ts';
import { customKind } from '../test-support/crds.ts';
import { startLive, trackedIn } from '../test-support/live.ts';
import type { KubeClient } from '../types.ts';
import type { LiveState } from './types.ts';

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

/** A write that the API server may refuse; that anything else goes wrong is a failure. */
async function refusable(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof PlumblineError) || !error.code.startsWith('KUBE_')) throw error;
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

it('equals fresh lists of kinds that come and go amid the mishaps', async () => {
  await using faulty = await faultyClient();
  const live = startLive(faulty.client);
  await live.ready();
  const calm = unleash(faulty.proxy, 7);
  const random = seededRandom(77);
  const kinds = [customKind('Wobble'), customKind('Wibble')];
  const thingOf = ({ apiVersion, kind }: (typeof kinds)[number], name: string): KubeObject => {
    return { apiVersion, kind, metadata: { name, namespace: namespace.name } };
  };
  for (const until = Date.now() + runMs; Date.now() < until; await delay(random() * 60)) {
    const custom = kinds[Math.floor(random() * kinds.length)] as (typeof kinds)[number];
    const act = random();
    const thing = thingOf(custom, `w-${Math.floor(random() * 10)}`);
    const ref = { ...thing, namespace: namespace.name, name: String(thing.metadata.name) };
    // Amid the coming and going of a kind most of these are refused.
    await refusable(() => {
      if (act < 0.08) return client.create(custom.definition);
      if (act < 0.1) return client.delete(custom.ref, background);
      if (act < 0.3) return client.delete(ref, background);
      return client.apply(thing, { fieldManager: 'chaos', force: true });
    });
  }
  for (const { definition } of kinds) await refusable(() => client.create(definition));
  calm();
  const freshThings = async (custom: (typeof kinds)[number]) =>
    (await client.list({ ...thingOf(custom, ''), namespace: namespace.name })).items.map(identity).sort();
  const cachedThings = ({ group, kind }: (typeof kinds)[number]) =>
    Array.from({ length: 10 }, (_, index) => live.get({ group, kind, namespace: namespace.name, name: `w-${index}` }))
      .flatMap((node) => (node ? [`${node.key.name} ${node.uid} ${node.resourceVersion}`] : []))
      .sort();
  const isEqual = async () => {
    const pairs = kinds.map(async (custom) => [cachedThings(custom), await freshThings(custom)] as const);
    return (await Promise.all(pairs)).every(([known, listed]) => JSON.stringify(known) === JSON.stringify(listed));
  };
  await eventually(isEqual, { what: 'the cache to equal fresh lists', timeoutMs: 10_000 });
  await eventually(() => live.failures().size === 0, { what: 'no failures', timeoutMs: 10_000 });
  await live.close();
  for (const { ref } of kinds) await client.delete(ref, background);
}, 60_000);
