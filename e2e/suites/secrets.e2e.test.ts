import type { KubeObject } from '@plumbline/manifests';
import { configMap, eventually, testNamespace } from '@plumbline/testing';
import { expect, inject, test } from 'vitest';
import { base64, canaries, redisContent } from '../fixture/canaries.ts';
import { type App, type Context, clientsOf, given } from '../fixture/context.ts';
import { ownEngine } from '../fixture/own-engine.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const bird = canaries();

function secret(name: string, fields: Record<string, unknown>, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, annotations }, ...fields };
}

/** Secrets that the API server or a tool refuses, and quotes when it does so. */
const refused: Record<string, Record<string, KubeObject | string>> = {
  'no-base64': { 'a.yaml': secret('bad', { data: { a: `${bird.plant('no base64')}!!` } }) },
  nested: { 'a.yaml': secret('bad', { data: { a: { b: bird.plant('nested') } } }) },
  list: { 'a.yaml': secret('bad', { stringData: { a: [bird.plant('list')] } }) },
  misnamed: { 'a.yaml': secret('bad', { stringdata: { a: bird.plant('misnamed') } }) },
  typed: {
    'a.yaml': secret('bad', {
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': bird.plant('docker config') },
    }),
  },
  unnamed: { 'a.yaml': secret('Bad_Name', { stringData: { a: bird.plant('bad name') } }) },
  'no-yaml': { 'a.yaml': `kind: Secret\nstringData:\n  a: "${bird.plant('no yaml')}\n  b: c\n` },
};

const good: Record<string, KubeObject | string> = {
  'good/all.yaml': [
    secret('data', { data: { a: base64(bird.plant('data')) } }),
    secret('string-data', { stringData: { a: bird.plant('stringData') } }),
    secret('hook', { stringData: { a: bird.plant('hook') } }, { 'argocd.argoproj.io/hook': 'PreSync' }),
    secret('noted', { stringData: { a: 'x' } }, { [lastApplied]: bird.plant('last applied in Git') }),
    configMap('owner'),
  ]
    .map((object) => JSON.stringify(object))
    .join('\n---\n'),
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/values.yaml': `password: ${bird.plant('Helm values')}\n`,
  'chart/templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: {name: from-chart}\nstringData:\n  a: {{ .Values.password }}\n',
};

/** Secrets that others put beside and below what Git declares, and what they change. */
async function interfere(context: Context, app: App): Promise<void> {
  const { kube, namespace } = context;
  const owner = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'owner' });
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid ?? '' };
  const below = secret('below', { stringData: { a: bird.plant('child') } });
  await kube.create({ ...below, metadata: { ...below.metadata, namespace, ownerReferences: [reference] } });
  const left = secret(
    'left',
    { stringData: { a: bird.plant('left over') } },
    {
      [lastApplied]: JSON.stringify({ stringData: { a: bird.plant('last applied') } }),
      'argocd.argoproj.io/tracking-id': `${app.name}:/Secret:${namespace}/left`,
    },
  );
  await kube.create({ ...left, metadata: { ...left.metadata, namespace } });
  await context.change('Secret', 'data', { data: { a: base64(bird.plant('drift')) } });
}

/** Every answer that may show objects of the Applications. */
async function answers({ engine, api, namespace }: Context, apps: readonly App[]): Promise<[string, string][]> {
  const { token } = await api.call('login', { body: { username: 'admin', password: engine.adminPassword } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (path: string, body?: string): Promise<[string, string]> => {
    const init = body === undefined ? { headers } : { headers, method: 'POST', body };
    return [path, await (await fetch(`${engine.url}/api/v1/applications${path}`, init)).text()];
  };
  const found = [await ask('')];
  for (const { name } of apps) {
    for (const part of ['', '/managed-resources', '/resource-tree', '/manifests', '/events', '/server-side-diff']) {
      found.push(await ask(`/${name}${part}`));
    }
    for (const resourceName of ['data', 'string-data', 'hook', 'noted', 'below', 'left', 'from-chart', 'bad']) {
      const query = new URLSearchParams({ resourceName, namespace, kind: 'Secret', version: 'v1', group: '' });
      found.push(await ask(`/${name}/resource?${query}`));
      query.set('patchType', 'application/merge-patch+json');
      const patch = JSON.stringify({ data: { [`not-${resourceName}`]: `${bird.plant('patched')}!` } });
      found.push(await ask(`/${name}/resource?${query}`, JSON.stringify(patch)));
    }
  }
  return found;
}

test('values of Secrets are in no answer, no log line, nothing in Redis, no status and no event', async () => {
  const shared = inject('plumblineEngine');
  await using control = await testNamespace((await clientsOf(shared)).kube, 'e2e-control');
  await using own = await ownEngine({ kubeconfig: shared.kubeconfig, namespace: control.name });
  const engine = await own.start();
  const bad = Object.entries(refused).flatMap(([folder, files]) =>
    Object.entries(files).map(([file, content]) => [`${folder}/${file}`, content] as const),
  );
  await using context = await given({ ...good, ...Object.fromEntries(bad) }, engine.ready);
  const { kube } = context;
  const paths = ['good', 'chart', ...Object.keys(refused)];
  const apps = await Promise.all(
    paths.map((path) => context.application({ path, spec: { syncPolicy: { automated: {} } } })),
  );
  const [first] = apps;
  if (!first) throw new Error('there is no Application');
  const ended = (app: App) => async () => {
    const { status } = await app.get();
    return status?.operationState?.finishedAt ?? status?.operationState?.retryCount ?? status?.conditions?.length;
  };
  for (const app of apps) await eventually(ended(app), { what: `the outcome of ${app.name}` });
  await interfere(context, first);
  for (const app of apps) await app.refresh('hard');
  const shown = await answers(context, apps);
  expect(shown.filter(([, text]) => text.includes('++++')).length).toBeGreaterThan(5);
  const inCluster = ['Application', 'Event', 'ConfigMap'].map(async (kind): Promise<[string, string]> => {
    const apiVersion = kind === 'Application' ? 'argoproj.io/v1alpha1' : 'v1';
    const lists = [control.name, context.namespace].map((namespace) => kube.list({ apiVersion, kind, namespace }));
    return [`objects of ${kind}`, JSON.stringify(await Promise.all(lists))];
  });
  const places = [
    ...shown,
    ...(await Promise.all(inCluster)),
    ['the log', engine.output()] as const,
    ['Redis', await redisContent(engine.ready.redisUrl)] as const,
  ];
  expect(places.flatMap(([where, text]) => bird.foundIn(where, text))).toEqual([]);
});
