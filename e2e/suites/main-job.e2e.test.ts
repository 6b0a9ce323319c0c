import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { annotations } from '@plumbline/apis';
import { type KubeObject, splitApiVersion } from '@plumbline/manifests';
import { configMap, deployment, gitHttpServer, service } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { type App, type Context, given } from '../fixture/context.ts';
import { at, healthy, operation, synced, untroubled } from '../fixture/expectations.ts';
import { rendered } from '../fixture/render-tools.ts';

const examples = resolve(import.meta.dirname, '../../examples');

/** Every object is live as the tool printed it, plus tracking; the Application knows these and no others. */
async function expectDeployed({ kube, namespace }: Context, app: App, expected: readonly KubeObject[]): Promise<void> {
  for (const object of expected) {
    const { apiVersion, kind, metadata } = object;
    const { name = '' } = metadata;
    const live = await kube.get({ apiVersion, kind, namespace, name });
    const { annotations: own = {}, labels = {}, ...rest } = metadata;
    const id = `${app.name}:${splitApiVersion(apiVersion).group}/${kind}:${namespace}/${name}`;
    expect(live).toMatchObject({ ...object, metadata: { ...rest, namespace } });
    expect(withoutClusters(live.metadata.annotations)).toEqual({ ...own, [annotations.trackingId]: id });
    expect(live.metadata.labels ?? {}).toEqual(labels);
  }
  const known = (await app.get()).status?.resources ?? [];
  expect(known.map(({ kind, name }) => `${kind}/${name}`).sort()).toEqual(
    expected.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort(),
  );
}

/** Annotations without those that Kubernetes' own controllers add. */
function withoutClusters(all: KubeObject['metadata']['annotations']): Record<string, string> {
  return Object.fromEntries(Object.entries(all ?? {}).filter(([key]) => key !== 'deployment.kubernetes.io/revision'));
}

async function givenExample(name: string): Promise<Context & { revision: string }> {
  const context = await given();
  await cp(join(examples, name), join(context.repository.folder, name), { recursive: true });
  return { ...context, revision: await context.commit({}) };
}

describe.concurrent('from Git to Synced and Healthy', () => {
  test.for(['base', 'overlays/dev', 'overlays/prod'])('Kustomize: guestbook/%s', async (folder) => {
    await using context = await givenExample('guestbook');
    const path = `guestbook/${folder}`;
    const app = await context.application({ path, automated: true });
    const { status } = await app.becomes(synced, healthy, untroubled, at(context.revision));
    expect(status?.sourceType).toBe('Kustomize');
    await expectDeployed(context, app, await rendered('kustomize', ['build', join(examples, path)]));
  });

  test.for(['staging', 'production'])('Helm: store for %s', async (environment) => {
    await using context = await givenExample('store');
    const helm = {
      valueFiles: [`environments/${environment}.yaml`],
      parameters: [{ name: 'image.tag', value: '9.1' }],
    };
    const source = { repoURL: context.repository.url, path: 'store', targetRevision: 'main', helm };
    const app = await context.application({ automated: true, spec: { source } });
    const { status } = await app.becomes(synced, healthy, untroubled, at(context.revision));
    expect(status?.sourceType).toBe('Helm');
    const values = ['--values', join(examples, 'store/environments', `${environment}.yaml`), '--set', 'image.tag=9.1'];
    const args = ['template', app.name, join(examples, 'store'), '--namespace', context.namespace, ...values];
    await expectDeployed(context, app, await rendered('helm', args));
  });

  test('a plain directory, over HTTP with a log-in', async () => {
    const objects = [configMap('settings', { mode: 'blue' }), deployment('web'), service('web')];
    await using context = await given({ 'app/all.yaml': objects, 'app/deeper/not-read.yaml': configMap('deeper') });
    const { folder } = context.repository;
    await using server = await gitHttpServer({ folder, username: 'ann', password: 'secret' });
    const repoURL = server.repositoryUrl({ folder });
    await context.kube.create(repositorySecret(context, { url: repoURL, username: 'ann', password: 'secret' }));
    const app = await context.application({ repoURL, path: 'app', automated: true });
    const { status } = await app.becomes(synced, healthy, untroubled);
    expect(status?.sourceType).toBe('Directory');
    expect(status?.summary?.images).toEqual(['registry.example/app:1.0']);
    await expectDeployed(context, app, objects);
  });

  test('every common kind, written as people write', async () => {
    await using context = await given();
    await cp(resolve(import.meta.dirname, '../testdata/kinds'), context.repository.folder, { recursive: true });
    await context.commit({});
    const app = await context.application({
      automated: true,
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    });
    await app.becomes(synced, healthy, untroubled, operation('Succeeded'));
    const { status } = await app.refresh('hard');
    expect(status?.sync?.status).toBe('Synced');
    await app.stays(synced);
    expect((await app.get()).status?.operationState?.operation.sync?.autoHealAttemptsCount).toBeUndefined();
    await app.delete();
    await app.disappears();
  });

  test.for([
    ['a branch', 'stable'],
    ['a tag', 'v1.2.0'],
    ['a version range', '^1.1.0'],
  ])('%s is followed', async ([, targetRevision]) => {
    await using context = await given({ 'a.yaml': configMap('a', { version: '1.2.0' }) });
    await context.repository.tag('v1.2.0');
    await context.repository.branch('stable');
    const revision = await context.repository.head();
    await context.repository.branch('main');
    await context.commit({ 'a.yaml': configMap('a', { version: '2.0.0' }) });
    await context.repository.tag('v2.0.0');
    const app = await context.application({ targetRevision, automated: true });
    await app.becomes(synced, healthy, at(revision));
    expect(await context.live('ConfigMap', 'a')).toMatchObject({ data: { version: '1.2.0' } });
  });

  test('a new commit is deployed, and the history tells of both', async () => {
    await using context = await given({ 'a.yaml': configMap('a', { version: '1' }) });
    const app = await context.application({ automated: true });
    const first = (await app.becomes(synced)).status?.sync?.revision ?? '';
    const second = await context.commit({ 'a.yaml': configMap('a', { version: '2' }) });
    await app.refresh();
    const { status } = await app.becomes(synced, at(second));
    expect(await context.live('ConfigMap', 'a')).toMatchObject({ data: { version: '2' } });
    expect(status?.history?.map(({ id, revision }) => [id, revision])).toEqual([
      [0, first],
      [1, second],
    ]);
  });

  test('a missing namespace is made, and stays when the Application goes', async () => {
    await using context = await given({ 'a.yaml': configMap('a') });
    const namespace = `${context.namespace}-made`;
    const app = await context.application({
      destinationNamespace: namespace,
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
      spec: { syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] } },
    });
    await app.becomes(synced, healthy);
    await app.delete();
    await app.disappears();
    const made = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
    expect((await context.kube.get(made)).metadata.deletionTimestamp).toBeUndefined();
    await context.kube.delete(made, { propagationPolicy: 'Background' });
  });
});

function repositorySecret({ engine, namespace }: Context, stringData: Record<string, string>): KubeObject {
  const labels = { 'argocd.argoproj.io/secret-type': 'repository' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `repo-${namespace}`, namespace: engine.namespace, labels },
    stringData,
  };
}
