import type { KubeObject } from '@plumbline/manifests';
import { configMap, deployment } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { given } from '../fixture/context.ts';
import { healthy, outOfSync, resource, synced } from '../fixture/expectations.ts';

const specOf = (live: KubeObject | null) => live?.['spec'] as { replicas?: number } | undefined;
const dataOf = (live: KubeObject | null) => live?.['data'] as Record<string, string> | undefined;
const settings = { 'settings.yaml': configMap('settings', { mode: 'blue', size: 'small' }) };

describe.concurrent('with selfHeal', () => {
  test('a changed field is restored', async () => {
    await using context = await given({ 'web.yaml': deployment('web') });
    const app = await context.application({ automated: true });
    await app.becomes(synced, healthy);
    await context.change('Deployment', 'web', { spec: { replicas: 3 } });
    await context.liveBecomes('Deployment', 'web', (live) => specOf(live)?.replicas === 1);
    await app.becomes(synced, healthy);
  });

  test('a removed field is restored', async () => {
    await using context = await given(settings);
    const app = await context.application({ automated: true });
    await app.becomes(synced);
    await context.change('ConfigMap', 'settings', { data: { mode: null } });
    await context.liveBecomes('ConfigMap', 'settings', (live) => dataOf(live)?.['mode'] === 'blue');
  });

  test('a deleted object comes back', async () => {
    await using context = await given(settings);
    const app = await context.application({ automated: true });
    await app.becomes(synced);
    const before = await context.live('ConfigMap', 'settings');
    await context.remove('ConfigMap', 'settings');
    await context.liveBecomes('ConfigMap', 'settings', (live) => live && live.metadata.uid !== before?.metadata.uid);
    await app.becomes(synced, healthy);
  });

  test('what another manager adds stays, and is no drift', async () => {
    await using context = await given(settings);
    const app = await context.application({ automated: true });
    await app.becomes(synced);
    await context.change('ConfigMap', 'settings', { metadata: { labels: { team: 'green' } }, data: { extra: 'yes' } });
    await app.refresh();
    await app.stays(synced);
    const live = await context.live('ConfigMap', 'settings');
    expect(live?.metadata.labels).toEqual({ team: 'green' });
    expect(dataOf(live)).toEqual({ mode: 'blue', size: 'small', extra: 'yes' });
  });

  test('healing writes no history and leaves other objects alone', async () => {
    await using context = await given({ ...settings, 'other.yaml': configMap('other') });
    const app = await context.application({ automated: true });
    await app.becomes(synced);
    const other = await context.live('ConfigMap', 'other');
    await context.change('ConfigMap', 'settings', { data: { mode: 'red' } });
    await context.liveBecomes('ConfigMap', 'settings', (live) => dataOf(live)?.['mode'] === 'blue');
    const { status } = await app.becomes(synced);
    expect(status?.history).toHaveLength(1);
    expect((await context.live('ConfigMap', 'other'))?.metadata.resourceVersion).toBe(other?.metadata.resourceVersion);
  });
});

describe.concurrent('without selfHeal', () => {
  test('drift stays, and the API names the fields that differ', async () => {
    await using context = await given({ ...settings, 'web.yaml': deployment('web') });
    const app = await context.application({ spec: { syncPolicy: { automated: {} } } });
    await app.becomes(synced, healthy);
    await context.change('Deployment', 'web', { spec: { replicas: 2 } });
    await context.change('ConfigMap', 'settings', { data: { mode: null } });
    await app.becomes(
      outOfSync,
      resource('Deployment', 'web', { status: 'OutOfSync' }),
      resource('ConfigMap', 'settings', { status: 'OutOfSync' }),
    );
    await app.stays(outOfSync);
    const items = await app.managedResources();
    const differencesOf = (name: string) => items.find((item) => item.name === name)?.differences;
    expect(differencesOf('web')).toEqual([
      expect.objectContaining({ path: '/spec/replicas', target: 1, live: 2, manager: 'somebody-else' }),
    ]);
    expect(differencesOf('settings')).toEqual([expect.objectContaining({ path: '/data/mode', target: 'blue' })]);
  });

  test('a deleted object is missing until somebody syncs', async () => {
    await using context = await given(settings);
    const app = await context.application({ spec: { syncPolicy: { automated: {} } } });
    await app.becomes(synced);
    await context.remove('ConfigMap', 'settings');
    await app.becomes(outOfSync, resource('ConfigMap', 'settings', { status: 'OutOfSync' }));
    await app.sync();
    expect(await app.completes()).toMatchObject({ phase: 'Succeeded' });
    await app.becomes(synced, healthy);
  });
});
