import { annotations, ownAnnotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { configMap, testNamespace } from '@plumbline/testing';
import { describe, expect, inject, test } from 'vitest';
import { type Context, clientsOf, given } from '../fixture/context.ts';
import { at, operation, synced } from '../fixture/expectations.ts';
import { gate } from '../fixture/objects.ts';
import { ownEngine } from '../fixture/own-engine.ts';

function hook(phase: string, object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, annotations: { [annotations.hook]: phase } } };
}

const many = 30;
const maps = (count: number) => Array.from({ length: count }, (_, index) => configMap(`map-${index}`));

async function liveMaps({ kube, namespace }: Context): Promise<number> {
  const { items } = await kube.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  return items.filter(({ metadata }) => metadata.name?.startsWith('map-')).length;
}

describe('an automated operation', () => {
  test('that waits for its hook gives way to a newer commit, and takes the hook along', async () => {
    await using context = await given({ 'a.yaml': [hook('PreSync', gate('slow')), configMap('a')] });
    const app = await context.application({ automated: true });
    await app.becomes(operation('Running', 'slow'));
    const revision = await context.commit({ 'a.yaml': configMap('b') });
    await app.becomes(synced, at(revision), operation('Succeeded'));
    expect(await context.live('ConfigMap', 'a')).toBeNull();
    await context.liveBecomes('Service', 'slow', (live) => live === null);
  });

  test('that is held is still held after a crash, and ends as it was approved', async () => {
    const shared = inject('plumblineEngine');
    await using control = await testNamespace((await clientsOf(shared)).kube, 'e2e-control');
    await using own = await ownEngine({ kubeconfig: shared.kubeconfig, namespace: control.name });
    const first = await own.start();
    await using context = await given({ 'all.yaml': maps(many) }, first.ready);
    const app = await context.application({ automated: true });
    await app.becomes(synced, operation('Succeeded'));
    const revision = await context.commit({ 'all.yaml': maps(1) });
    await app.refresh();
    const held = operation('Running', 'waiting for an approval of 29 deletions');
    await app.becomes(held);
    await first.kill();

    await own.start();
    await app.becomes(held);
    await app.stays(held);
    expect(await liveMaps(context)).toBe(many);
    const { status } = await app.get();
    const digest = /deletion-approved: (\w+)/.exec(status?.operationState?.message ?? '')?.[1];
    await app.patch({ metadata: { annotations: { [ownAnnotations.deletionApproved]: digest } } });
    await app.becomes(synced, at(revision), operation('Succeeded'));
    expect(await liveMaps(context)).toBe(1);
  });
});
