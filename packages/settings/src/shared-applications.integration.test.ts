import { connect, type KubeClient, type WatchEvent } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { application, eventually, sharedControlPlane, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Settings, shareApplicationWatch, watchSettings } from './index.ts';

let client: KubeClient;
let space: TestNamespace;
let settings: Settings;
const stop = new AbortController();

beforeAll(async () => {
  const { kubeconfig } = await sharedControlPlane();
  client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
  space = await testNamespace(client, 'shared');
  settings = await watchSettings({ client, namespace: space.name, logger: silentLogger });
}, 300_000);
afterAll(async () => {
  stop.abort();
  await settings?.close();
  await space?.[Symbol.asyncDispose]();
  await client?.close();
});

const create = (name: string) => {
  const made = application({
    name,
    namespace: space.name,
    repoURL: 'https://git.example/r',
    destinationNamespace: 'n',
  });
  return client.create(made as unknown as KubeObject);
};

function listener() {
  const events: WatchEvent[] = [];
  const errors: unknown[] = [];
  const ended = new AbortController();
  const onEvent = (event: WatchEvent) => void events.push(event);
  const onError = (error: unknown) => void errors.push(error);
  return { events, errors, ended, onEvent, onError, signal: ended.signal };
}

const told = ({ events }: { events: WatchEvent[] }) =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`);

it('tells all listeners the same objects, late ones what is known, and none after it ended', async () => {
  await create('one');
  const { name: namespace } = space;
  const watch = shareApplicationWatch({ client, namespace, settings, signal: stop.signal });
  const [first, second, broken] = [listener(), listener(), listener()];
  const failing = () => {
    throw new Error('mine');
  };
  await Promise.all([watch({ ...broken, onEvent: failing }), watch(first)]);
  await watch(second);
  await create('two');
  await eventually(() => told(second).length === 2, { what: 'the second Application' });
  expect([told(first), told(second)]).toEqual([
    ['ADDED one', 'ADDED two'],
    ['ADDED one', 'ADDED two'],
  ]);
  for (const [index, { object }] of first.events.entries()) expect(object).toBe(second.events[index]?.object);
  expect(first.events[0]?.object.metadata.managedFields).toBeUndefined();
  expect([broken.errors.length, first.errors]).toEqual([2, []]);
  second.ended.abort();
  await client.delete(
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace, name: 'one' },
    { propagationPolicy: 'Background' },
  );
  await eventually(() => told(first).includes('DELETED one'), { what: 'the deletion' });
  expect(told(second)).toHaveLength(2);
});
