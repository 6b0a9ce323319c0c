import type { KubeObject } from '@plumbline/manifests';
import { application, configMap } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { type App, type Context, given, unique } from '../fixture/context.ts';
import { health, healthy, outOfSync, resource, synced } from '../fixture/expectations.ts';
import { gate, openGate } from '../fixture/objects.ts';

const finalizers = ['resources-finalizer.argocd.argoproj.io'];

/** The manifest of a child Application that deploys one folder of the same repository. */
function manifestOf(context: Context, child: App, path: string): KubeObject {
  const { repository, namespace, engine } = context;
  const where = { repoURL: repository.url, destinationNamespace: namespace, namespace: engine.namespace };
  return application({ name: child.name, path, automated: true, finalizers, ...where }) as unknown as KubeObject;
}

const parentOptions = (context: Context) => ({
  path: 'apps',
  destinationNamespace: context.engine.namespace,
  automated: true,
  finalizers,
});

describe.concurrent('an Application of Applications', () => {
  test('creates its children, which deploy, and is as healthy as they are', async () => {
    await using context = await given();
    const [ready, waiting] = [context.app(unique('ready')), context.app(unique('waiting'))];
    await context.commit({
      'apps/ready.yaml': manifestOf(context, ready, 'ready'),
      'apps/waiting.yaml': manifestOf(context, waiting, 'waiting'),
      'ready/a.yaml': configMap('a'),
      'waiting/gate.yaml': gate('gate'),
    });
    const parent = await context.application(parentOptions(context));
    await ready.becomes(synced, healthy);
    await waiting.becomes(synced, health('Progressing'));
    await parent.becomes(synced, health('Progressing'));
    await context.change('Service', 'gate', openGate, 'status');
    await parent.becomes(synced, healthy);
    const { nodes } = await parent.resourceTree();
    expect(nodes.map(({ kind, name }) => `${kind}/${name}`).sort()).toEqual(
      [ready, waiting].map(({ name }) => `Application/${name}`).sort(),
    );
  });

  test("is not drifting because of its children's status and operations, but heals their specs", async () => {
    await using context = await given({ 'child/a.yaml': configMap('a') });
    const child = context.app(unique('child'));
    await context.commit({ 'apps/child.yaml': manifestOf(context, child, 'child') });
    const parent = await context.application(parentOptions(context));
    await child.becomes(synced, healthy);
    await parent.becomes(synced, healthy);
    await child.sync();
    await child.completes();
    await parent.refresh();
    await parent.stays(synced);
    await child.patch({ spec: { source: { path: 'elsewhere' } } });
    await child.becomes(synced, healthy, {
      what: 'back on its path',
      holds: ({ spec }) => spec.source?.path === 'child',
    });
  });

  test('takes new children along and prunes removed ones with their objects', async () => {
    await using context = await given({ 'old/a.yaml': configMap('old'), 'new/a.yaml': configMap('new') });
    const [old, young] = [context.app(unique('old')), context.app(unique('new'))];
    await context.commit({ 'apps/old.yaml': manifestOf(context, old, 'old') });
    const parent = await context.application(parentOptions(context));
    await old.becomes(synced, healthy);
    await context.commit({ 'apps/old.yaml': null, 'apps/new.yaml': manifestOf(context, young, 'new') });
    await parent.refresh();
    await old.disappears();
    await young.becomes(synced, healthy);
    await parent.becomes(synced, healthy, resource('Application', young.name, { status: 'Synced' }));
    expect(await context.live('ConfigMap', 'old')).toBeNull();
  });

  test('without automation waits for a sync of children that are not there', async () => {
    await using context = await given({ 'child/a.yaml': configMap('a') });
    const child = context.app(unique('child'));
    await context.commit({ 'apps/child.yaml': manifestOf(context, child, 'child') });
    const parent = await context.application({ ...parentOptions(context), automated: false });
    await parent.becomes(outOfSync, health('Missing'));
    await parent.sync();
    expect(await parent.completes()).toMatchObject({ phase: 'Succeeded' });
    await child.becomes(synced, healthy);
  });
});
