import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ensureTools } from '../tools/ensure-tools.ts';
import { type ApiRequest, apiRequests } from './api-request.ts';
import { loadCredentials } from './credentials.ts';
import { type ControlPlane, startControlPlane } from './start-control-plane.ts';

const minutes = 60_000;
const patience = { timeout: 30_000, interval: 50 };
vi.setConfig({ testTimeout: minutes });
let folder: string;
let plane: ControlPlane;
let request: ApiRequest;

interface Answer {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  status?: {
    phase?: string;
    succeeded?: number;
    conditions?: { type: string; status: string }[];
    availableReplicas?: number;
  };
  items: Answer[];
  data?: Record<string, string>;
}

beforeAll(async () => {
  const tools = await ensureTools();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-plane-'));
  plane = await startControlPlane({ folder, tools });
  request = apiRequests(plane.server, await loadCredentials(folder));
}, 15 * minutes);

afterAll(async () => {
  await plane?.stop();
  await rm(folder, { recursive: true, force: true });
}, minutes);

async function create(path: string, object: object): Promise<Answer> {
  const { status, body } = await request('POST', path, object);
  expect(body).toMatchObject({ metadata: { name: expect.any(String) } });
  expect(status).toBe(201);
  return body as Answer;
}

async function get(path: string): Promise<Answer> {
  return (await request('GET', path)).body as Answer;
}

async function statusOf(path: string): Promise<number> {
  return (await request('GET', path)).status;
}

async function newNamespace(name: string): Promise<{ core: string; apps: string; batch: string }> {
  await create('/api/v1/namespaces', { metadata: { name } });
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await expect.poll(() => statusOf(account), patience).toBe(200);
  return {
    core: `/api/v1/namespaces/${name}`,
    apps: `/apis/apps/v1/namespaces/${name}`,
    batch: `/apis/batch/v1/namespaces/${name}`,
  };
}

const containers = [{ name: 'main', image: 'registry.example/app:1.0' }];

function deployment(name: string, replicas: number): object {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers } };
  return { metadata: { name }, spec: { replicas, selector: { matchLabels: labels }, template } };
}

test('a pod becomes Running and Ready with an address of its own', async () => {
  const { core } = await newNamespace('pods');
  await create(`${core}/pods`, { metadata: { name: 'one' }, spec: { containers } });
  await expect
    .poll(async () => (await get(`${core}/pods/one`)).status, patience)
    .toMatchObject({
      phase: 'Running',
      podIP: expect.stringMatching(/^10\./),
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'True' })]),
    });
});

test('a Job completes', async () => {
  const { batch } = await newNamespace('jobs');
  const template = { spec: { restartPolicy: 'Never', containers } };
  await create(`${batch}/jobs`, { metadata: { name: 'once' }, spec: { template } });
  await expect
    .poll(async () => (await get(`${batch}/jobs/once`)).status, patience)
    .toMatchObject({
      succeeded: 1,
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Complete', status: 'True' })]),
    });
});

test('a Deployment becomes available, and its Service gets endpoints', async () => {
  const { apps, core } = await newNamespace('deployments');
  await create(`${apps}/deployments`, deployment('web', 3));
  await create(`${core}/services`, {
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  await expect.poll(async () => (await get(`${apps}/deployments/web`)).status?.availableReplicas, patience).toBe(3);
  await expect
    .poll(async () => JSON.stringify(await get(`${core}/endpoints/web`)).match(/"ip"/g)?.length, patience)
    .toBe(3);
});

test('every namespace gets the certificate of the authority', async () => {
  const { core } = await newNamespace('root-ca');
  await expect
    .poll(async () => (await get(`${core}/configmaps/kube-root-ca.crt`)).data?.['ca.crt'], patience)
    .toContain('BEGIN CERTIFICATE');
});

test('a token Secret of a service account gets a token', async () => {
  const { core } = await newNamespace('tokens');
  const metadata = { name: 'token', annotations: { 'kubernetes.io/service-account.name': 'default' } };
  await create(`${core}/secrets`, { metadata, type: 'kubernetes.io/service-account-token' });
  await expect.poll(async () => (await get(`${core}/secrets/token`)).data?.['token'], patience).toBeTruthy();
});

test('background deletion collects what the owner owns after it', async () => {
  const { apps, core } = await newNamespace('background');
  await create(`${apps}/deployments`, deployment('web', 2));
  await expect.poll(async () => (await get(`${core}/pods`)).items.length, patience).toBe(2);
  await request('DELETE', `${apps}/deployments/web`, { propagationPolicy: 'Background' });
  expect(await statusOf(`${apps}/deployments/web`)).toBe(404);
  await expect.poll(async () => (await get(`${apps}/replicasets`)).items.length, patience).toBe(0);
  await expect.poll(async () => (await get(`${core}/pods`)).items.length, patience).toBe(0);
});

test('foreground deletion removes the owner last', async () => {
  const { core } = await newNamespace('foreground');
  const owner = await create(`${core}/configmaps`, { metadata: { name: 'owner' } });
  const { name, uid } = owner.metadata;
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid, blockOwnerDeletion: true }];
  await create(`${core}/configmaps`, {
    metadata: { name: 'owned', ownerReferences, finalizers: ['example.org/hold'] },
  });
  await request('DELETE', `${core}/configmaps/owner`, { propagationPolicy: 'Foreground' });
  await expect
    .poll(async () => (await get(`${core}/configmaps/owned`)).metadata.deletionTimestamp, patience)
    .toBeTruthy();
  expect((await get(`${core}/configmaps/owner`)).metadata.deletionTimestamp).toBeTruthy();
});

test('a deleted namespace takes its pods along and goes away', async () => {
  const { apps, core } = await newNamespace('terminating');
  await create(`${apps}/deployments`, deployment('web', 2));
  await expect.poll(async () => (await get(`${core}/pods`)).items.length, patience).toBe(2);
  await request('DELETE', core);
  await expect.poll(() => statusOf(core), patience).toBe(404);
});

test('a thousand pods become ready', { timeout: 4 * minutes }, async () => {
  const { apps } = await newNamespace('many');
  await create(`${apps}/deployments`, deployment('many', 1000));
  await expect
    .poll(async () => (await get(`${apps}/deployments/many`)).status?.availableReplicas, {
      timeout: 3 * minutes,
      interval: 500,
    })
    .toBe(1000);
});

test('anonymous requests and other local users get nothing', async () => {
  const anonymous = await fetchAnonymously(`${plane.server}/api/v1/secrets`);
  expect(anonymous).toBe(403);
  for (const file of ['', 'kubeconfig', 'credentials.json', 'pki/ca.key']) {
    expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
  }
});

async function fetchAnonymously(url: string): Promise<number> {
  const credentials = await loadCredentials(folder);
  const { request: send } = await import('node:https');
  return new Promise((resolve, reject) => {
    const sent = send(url, { ca: credentials.authority.certificate, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}
