import { randomBytes } from 'node:crypto';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { type TreeDelta, TreeView, treeChannel, treeWatchChannel, treeWatchMs } from '@plumbline/protocol';
import { createStore, type Store } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { eventually, sharedRedis } from '@plumbline/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { configMap, mask, owned } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { MemoryLive } from '../test-support/memory-live.ts';
import { resourceTree } from './resource-tree.ts';
import { TreeSessions } from './tree-sessions.ts';

const key = 'argocd/shop';
const channel = treeChannel({ namespace: 'argocd', name: 'shop' });

let store: Store;
let cluster: MemoryCluster;
let live: MemoryLive;
let sessions: TreeSessions;
let now = 0;
let asked = 0;
const deltas: TreeDelta[] = [];

beforeAll(async () => {
  const options = { sealKey: randomBytes(32), prefix: `trees-${randomBytes(4).toString('hex')}` };
  store = await createStore({ redisUrl: await sharedRedis(), logger: silentLogger, ...options });
  await store.pubsub.subscribe(channel, (delta) => deltas.push(delta as TreeDelta));
}, 300_000);

afterAll(() => store?.close());

beforeEach(async () => {
  await sessions?.close();
  deltas.length = 0;
  asked = 0;
  cluster = new MemoryCluster();
  live = new MemoryLive(cluster, mask);
  cluster.put(owned(configMap('a')));
  sessions = new TreeSessions({
    pubsub: store.pubsub,
    logger: silentLogger,
    now: () => now,
    whole: async () => {
      asked += 1;
      return {
        application: 'shop',
        tree: resourceTree('shop', { resources: [], orphans: [] }, live),
        permits: () => true,
        live,
        orphans: false,
      };
    },
  });
  await sessions.start();
});

const watch = (whole = false) => store.pubsub.publish(treeWatchChannel, { namespace: 'argocd', name: 'shop', whole });

function put(object: KubeObject): void {
  const keys = [keyOf(cluster.put(object))];
  sessions.onLive([key], { applications: new Set(['shop']), managed: true, below: false, keys });
}

function view(): string[] {
  const tree = new TreeView();
  for (const delta of deltas) expect(tree.apply(delta)).toBe(true);
  return tree.tree().nodes.map(({ name }) => name);
}

it('tells of nothing where nobody looks', async () => {
  put(owned(configMap('b')));
  sessions.onPass(key);
  await watch();
  await eventually(() => deltas.length === 1, { what: 'the first delta' });
  expect(asked).toBe(1);
});

it('tells of the whole tree first, then of what changes, without the whole again', async () => {
  await watch();
  await eventually(() => deltas.length === 1, { what: 'the whole tree' });
  expect([deltas[0]?.whole, view()]).toEqual([true, ['a']]);
  put(owned(configMap('b')));
  await eventually(() => deltas.length === 2, { what: 'the change' });
  expect(deltas[1]?.nodes.map(({ name }) => name)).toEqual(['b']);
  expect(view()).toEqual(['a', 'b']);
  expect(asked).toBe(1);
});

it('gives the whole tree again to who has missed something', async () => {
  await watch();
  await eventually(() => deltas.length === 1, { what: 'the whole tree' });
  await watch(true);
  await eventually(() => deltas.length === 2, { what: 'the whole tree again' });
  expect([deltas[1]?.whole, view()]).toEqual([true, ['a']]);
});

it('finds after a pass what no event told', async () => {
  await watch();
  await eventually(() => deltas.length === 1, { what: 'the whole tree' });
  cluster.put(owned(configMap('c')));
  sessions.onPass(key);
  await eventually(() => view().join() === 'a,c', { what: 'what is new' });
});

it('ends when nobody has looked for a while', async () => {
  await watch();
  await eventually(() => deltas.length === 1, { what: 'the whole tree' });
  now += 4 * treeWatchMs;
  put(owned(configMap('b')));
  await watch();
  await eventually(() => deltas.length === 2, { what: 'a new session' });
  expect([deltas[1]?.whole, deltas[1]?.number]).toEqual([true, 1]);
});
