import { configMap, eventually, testNamespace } from '@plumbline/testing';
import { describe, expect, inject, test } from 'vitest';
import { type Context, clientsOf, type Files, given } from '../fixture/context.ts';
import { at, healthy, operation, synced } from '../fixture/expectations.ts';
import { inWave } from '../fixture/objects.ts';
import { ownEngine } from '../fixture/own-engine.ts';
import { flushAll } from '../fixture/redis.ts';

const objects = 300;
const waves = 3;
const manyObjects: Files = {
  'all.yaml': Array.from({ length: objects }, (_, i) => inWave(i % waves, configMap(`map-${i}`))),
};

/** The ConfigMaps that the Applications made, as `uid/resourceVersion` by name. */
async function deployed({ kube, namespace }: Context): Promise<Map<string, string>> {
  const { items } = await kube.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  const own = items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
  return new Map(own.map(({ metadata: m }) => [m.name ?? '', `${m.uid}/${m.resourceVersion}`]));
}

/** An engine of the test's own on the shared control plane. */
async function givenEngine() {
  const shared = inject('plumblineEngine');
  const control = await testNamespace((await clientsOf(shared)).kube, 'e2e-control');
  const own = await ownEngine({ kubeconfig: shared.kubeconfig, namespace: control.name });
  return {
    start: own.start,
    async [Symbol.asyncDispose]() {
      await own[Symbol.asyncDispose]();
      await control[Symbol.asyncDispose]();
    },
  };
}

describe('an engine', () => {
  test(`killed in the middle of a sync of ${objects} objects goes on after a restart`, async () => {
    await using own = await givenEngine();
    const first = await own.start();
    await using context = await given(manyObjects, first.ready);
    const app = await context.application({ automated: true });
    await eventually(async () => (await deployed(context)).size > objects / waves, { what: 'the second wave' });
    await first.kill();
    const before = await deployed(context);
    expect(before.size).toBeLessThan(objects);

    await own.start();
    const { status } = await app.becomes(synced, healthy, operation('Succeeded'));
    const after = await deployed(context);
    expect(after.size).toBe(objects);
    expect([...before].filter(([name, version]) => after.get(name) !== version)).toEqual([]);
    expect(status?.history).toHaveLength(1);
    expect(status?.operationState?.syncResult?.resources).toHaveLength(objects);
  });

  test('whose Redis is emptied again and again under load brings everything to Synced', async () => {
    await using own = await givenEngine();
    const { ready } = await own.start();
    const names = Array.from({ length: 12 }, (_, i) => `team-${i}`);
    const files = (value: string) =>
      Object.fromEntries(names.map((name) => [`${name}/a.yaml`, configMap(name, { value })]));
    await using context = await given(files('1'), ready);
    const apps = [];
    for (const path of names) {
      apps.push(await context.application({ path, automated: true }));
      await flushAll(ready.redisUrl);
    }
    for (const app of apps) await app.becomes(synced, healthy);

    const revision = await context.commit(files('2'));
    const refreshes = apps.map((app) => app.refresh());
    await flushAll(ready.redisUrl);
    await Promise.all(refreshes);
    for (const app of apps) await app.becomes(synced, healthy, at(revision));
    await context.liveBecomes('ConfigMap', 'team-0', (live) => JSON.stringify(live?.['data']) === '{"value":"2"}');
  });
});
