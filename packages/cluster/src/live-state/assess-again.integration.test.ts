import type { HealthStatus } from '@plumbline/health';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configMapIn, sharedClient } from '../test-support/clients.ts';
import { startLive, trackedIn } from '../test-support/live.ts';
import type { KubeClient } from '../types.ts';
import type { LiveChange, LiveState } from './types.ts';

let client: KubeClient;
let namespace: TestNamespace;
let live: LiveState;
let verdict: HealthStatus = { status: 'Healthy' };

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'again');
  live = startLive(client, {
    namespaces: [namespace.name],
    assess: ({ kind }) => (kind === 'ConfigMap' ? verdict : undefined),
  });
  await live.ready();
}, 600_000);

afterAll(async () => {
  await live?.close();
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

it('judges objects again when the rules of health change, managed or not, and tells of it', async () => {
  await client.create(trackedIn(namespace.name, 'shop', configMapIn(namespace.name, 'managed')));
  await client.create(configMapIn(namespace.name, 'loose'));
  const healthOf = (name: string) =>
    live.get({ group: '', kind: 'ConfigMap', namespace: namespace.name, name })?.health;
  await eventually(() => healthOf('managed') && healthOf('loose'), { what: 'both objects' });
  expect(healthOf('managed')).toEqual({ status: 'Healthy' });

  const changes: LiveChange[] = [];
  const stop = live.onChange((change) => changes.push(change));
  verdict = { status: 'Degraded', message: 'by the new rule' };
  const before = client.requestCounts();
  live.assessAgain(({ kind }) => kind === 'ConfigMap');
  await eventually(() => healthOf('managed') === verdict && healthOf('loose') === verdict, {
    what: 'the new verdicts',
  });
  await eventually(() => changes.some(({ applications }) => applications.has('shop')), { what: 'the change' });
  expect((client.requestCounts()['list'] ?? 0) - (before['list'] ?? 0)).toBe(1);

  const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name: 'loose' };
  await client.delete(map, { propagationPolicy: 'Background' });
  await eventually(() => healthOf('loose') === undefined, { what: 'the deletion, which the new watch tells' });
  stop();
});
