import { connect, type KubeClient } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { eventually, sharedControlPlane, type TestNamespace, testNamespace } from '@plumbline/testing';
import { compare } from 'bcryptjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureDefaults, type Settings, watchSettings } from './index.ts';

let client: KubeClient;
let space: TestNamespace;
let settings: Settings | undefined;

beforeAll(async () => {
  const { kubeconfig } = await sharedControlPlane();
  client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
}, 300_000);
afterAll(() => client?.close());

beforeEach(async () => {
  space = await testNamespace(client, 'settings');
});
afterEach(async () => {
  await settings?.close();
  settings = undefined;
  await space[Symbol.asyncDispose]();
});

const ref = (kind: string, name: string) => ({
  apiVersion: kind === 'AppProject' ? 'argoproj.io/v1alpha1' : 'v1',
  kind,
  namespace: space.name,
  name,
});
const ensure = (adminPassword?: string) =>
  ensureDefaults({ client, namespace: space.name, ...(adminPassword ? { adminPassword } : {}) });
const patchCm = (data: Record<string, string | null>) =>
  client.patch(ref('ConfigMap', 'argocd-cm'), { data }, { type: 'merge' });

async function secretData(name: string): Promise<Record<string, string>> {
  const secret = await client.get(ref('Secret', name));
  const entries = Object.entries((secret['data'] ?? {}) as Record<string, string>);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

function labelled(type: string, name: string, stringData: Record<string, string>): KubeObject {
  const labels = { 'argocd.argoproj.io/secret-type': type };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: space.name, labels }, stringData };
}

describe('ensureDefaults', () => {
  it('creates all that a control plane needs, labelled as part of it', async () => {
    await ensure();
    const names = [
      'argocd-cm',
      'argocd-rbac-cm',
      'argocd-cmd-params-cm',
      'argocd-ssh-known-hosts-cm',
      'argocd-tls-certs-cm',
      'argocd-gpg-keys-cm',
    ];
    const objects = await Promise.all([
      ...names.map((name) => client.get(ref('ConfigMap', name))),
      client.get(ref('Secret', 'argocd-secret')),
      client.get(ref('Secret', 'argocd-initial-admin-secret')),
      client.get(ref('AppProject', 'default')),
    ]);
    const parts = objects.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/part-of']);
    expect(parts).toEqual(objects.map(() => 'argocd'));
  });

  it('generates a key and a password whose hash it stores', async () => {
    const { adminPassword } = await ensure();
    const data = await secretData('argocd-secret');
    expect(adminPassword).toMatch(/^[A-Za-z0-9-]{16}$/);
    expect(Buffer.from(data['server.secretkey'] ?? '', 'base64')).toHaveLength(32);
    expect(await compare(adminPassword ?? '', data['admin.password'] ?? '')).toBe(true);
    expect(Date.parse(data['admin.passwordMtime'] ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('takes the password that it is given', async () => {
    expect(await ensure('correct horse')).toEqual({ adminPassword: 'correct horse' });
    expect(await compare('correct horse', (await secretData('argocd-secret'))['admin.password'] ?? '')).toBe(true);
  });

  it('changes nothing when it runs again', async () => {
    const first = await ensure();
    const kinds = [ref('Secret', 'argocd-secret'), ref('ConfigMap', 'argocd-cm'), ref('AppProject', 'default')];
    const before = await Promise.all(kinds.map((one) => client.get(one)));
    await patchCm({ url: 'https://cd.example.com' });
    expect(await ensure('another')).toEqual(first);
    expect((await client.get(ref('ConfigMap', 'argocd-cm')))['data']).toMatchObject({ url: 'https://cd.example.com' });
    const after = await Promise.all([kinds[0], kinds[2]].flatMap((one) => (one ? [client.get(one)] : [])));
    expect(after.map(({ metadata }) => metadata.resourceVersion)).toEqual(
      [before[0], before[2]].map((object) => object?.metadata.resourceVersion),
    );
  });

  it('leaves a Secret of the user as it is and adds only the keys that lack', async () => {
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace: space.name },
      stringData: { 'admin.password': 'hash', 'webhook.github.secret': 's' },
    });
    expect(await ensure()).toEqual({ adminPassword: undefined });
    expect(await secretData('argocd-secret')).toEqual({
      'admin.password': 'hash',
      'webhook.github.secret': 's',
      'server.secretkey': expect.any(String),
    });
    expect(await client.find(ref('Secret', 'argocd-initial-admin-secret'))).toBeNull();
  });

  it('agrees on one password and key when several start at once', async () => {
    const answers = await Promise.all([ensure(), ensure(), ensure()]);
    expect(new Set(answers.map(({ adminPassword }) => adminPassword)).size).toBe(1);
    const { 'admin.password': hash = '' } = await secretData('argocd-secret');
    expect(await compare(answers[0]?.adminPassword ?? '', hash)).toBe(true);
  });

  it('makes the namespace where it is missing', async () => {
    const name = `${space.name}-new`;
    await ensureDefaults({ client, namespace: name });
    expect(await client.find({ apiVersion: 'v1', kind: 'Namespace', name })).not.toBeNull();
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name }, { propagationPolicy: 'Background' });
  });
});

describe('watchSettings', () => {
  const watch = async () => {
    await ensure();
    settings = await watchSettings({ client, namespace: space.name, logger: silentLogger });
    return settings;
  };

  it('knows what is there at once', async () => {
    const now = await watch();
    expect(now.problems()).toEqual([]);
    expect(now.secretKey()).toBe((await secretData('argocd-secret'))['server.secretkey']);
    expect(now.admin()).toMatchObject({ enabled: true, passwordHash: expect.stringMatching(/^\$2/) });
    expect(now.current().isExcluded({ group: '', kind: 'Endpoints' }, 'https://any')).toBe(true);
    expect(now.resolveDestination({ name: 'in-cluster' }).server).toBe('https://kubernetes.default.svc');
  });

  it('follows changes and tells listeners until they stop', async () => {
    const now = await watch();
    let calls = 0;
    const stop = now.onChange(() => {
      calls += 1;
    });
    await patchCm({ 'timeout.reconciliation': '7s' });
    await eventually(() => calls === 1 && now.current().refreshMs === 7000, { what: 'the call and the new value' });
    stop();
    await patchCm({ 'timeout.reconciliation': null });
    await eventually(() => now.current().refreshMs === 120_000, { what: 'the default' });
    expect(calls).toBe(1);
  });

  it('keeps the last good value and says what is wrong', async () => {
    const now = await watch();
    await patchCm({ 'application.resourceTrackingMethod': 'label' });
    await eventually(() => now.current().trackingMethod === 'label', { what: 'label tracking' });
    await patchCm({ 'application.resourceTrackingMethod': 'magic' });
    const [problem] = await eventually(() => now.problems().length > 0 && now.problems(), { what: 'the problem' });
    expect(problem).toMatchObject({ object: 'ConfigMap argocd-cm', key: 'application.resourceTrackingMethod' });
    expect(now.current().trackingMethod).toBe('label');
    await patchCm({ 'application.resourceTrackingMethod': 'annotation' });
    await eventually(() => now.problems().length === 0, { what: 'the end of the problem' });
  });

  it('finds repositories and clusters that come and go', async () => {
    const now = await watch();
    const url = 'https://git.example.com/org/repo';
    await client.create(labelled('repository', 'repo', { url, username: 'u', password: 'p' }));
    await client.create(labelled('cluster', 'prod', { server: 'https://prod', name: 'prod', config: '{}' }));
    await eventually(() => now.clusters().length === 2 && now.repositories().length === 1, { what: 'both Secrets' });
    expect(now.repositoryAccess(url, 'default')).toEqual({ url, username: 'u', password: 'p' });
    expect(now.resolveDestination({ name: 'prod' })).toMatchObject({ server: 'https://prod', secretName: 'prod' });
    await client.delete(ref('Secret', 'repo'), { propagationPolicy: 'Background' });
    await eventually(() => now.repositoryAccess(url, 'default').password === undefined, {
      what: 'the Secret to be gone',
    });
  });

  it('says so where there is no key for tokens', async () => {
    settings = await watchSettings({ client, namespace: space.name, logger: silentLogger });
    expect(() => settings?.secretKey()).toThrow('Secret argocd-secret has no key server.secretkey');
  });
});
