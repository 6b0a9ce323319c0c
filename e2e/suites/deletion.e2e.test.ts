import { configMap, deployment } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { given } from '../fixture/context.ts';
import { healthy, synced } from '../fixture/expectations.ts';

const finalizers = ['resources-finalizer.argocd.argoproj.io'];
const files = { 'all.yaml': [configMap('settings'), deployment('web')] };

describe.concurrent('deleting an Application', () => {
  test('with the finalizer takes its objects along, and no others', async () => {
    await using context = await given(files);
    await context.kube.create({ ...configMap('mine'), metadata: { name: 'mine', namespace: context.namespace } });
    const app = await context.application({ automated: true, finalizers });
    await app.becomes(synced, healthy);
    await app.delete();
    await app.disappears();
    expect(await context.live('ConfigMap', 'settings')).toBeNull();
    expect(await context.live('Deployment', 'web')).toBeNull();
    expect(await context.live('ConfigMap', 'mine')).not.toBeNull();
  });

  test('without a finalizer leaves its objects', async () => {
    await using context = await given(files);
    const app = await context.application({ automated: true });
    await app.becomes(synced, healthy);
    await app.delete();
    await app.disappears();
    expect(await context.live('ConfigMap', 'settings')).not.toBeNull();
    expect((await context.live('Deployment', 'web'))?.metadata.deletionTimestamp).toBeUndefined();
  });

  test('over REST takes its objects along unless told otherwise', async () => {
    await using context = await given(files);
    const [first, second] = [await context.application({ automated: true }), await context.application()];
    await first.becomes(synced, healthy);
    await context.api.call('deleteApplication', { params: { name: second.name }, query: { cascade: false } });
    await second.disappears();
    expect(await context.live('ConfigMap', 'settings')).not.toBeNull();
    await context.api.call('deleteApplication', { params: { name: first.name } });
    await first.disappears();
    expect(await context.live('ConfigMap', 'settings')).toBeNull();
  });

  test('that cannot be rendered any more still takes its objects along', async () => {
    await using context = await given(files);
    const app = await context.application({ automated: true, finalizers });
    await app.becomes(synced, healthy);
    await context.commit({ 'all.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [\n' });
    await app.refresh();
    await app.delete();
    await app.disappears();
    expect(await context.live('Deployment', 'web')).toBeNull();
  });
});
