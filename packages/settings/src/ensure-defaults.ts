import { randomBytes, randomInt } from 'node:crypto';
import type { KubeClient } from '@plumbline/cluster';
import { hasCode, PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { hash } from 'bcryptjs';
import { controlMetadata, defaultAppProject, defaultConfigMaps } from './default-objects.ts';
import { documentOf } from './documents.ts';

export interface EnsureDefaultsOptions {
  client: KubeClient;
  namespace: string;
  /** Password for the administrator where none is set; default: 16 random characters. */
  adminPassword?: string;
}

const bcryptCost = 10;
const passwordLength = 16;
const passwordAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-';
const attempts = 5;
const secretName = 'argocd-secret';
const initialSecretName = 'argocd-initial-admin-secret';

/** Creates the object unless it is there, also when somebody else creates it at the same time. */
async function createMissing(client: KubeClient, object: KubeObject): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  if (await client.find({ apiVersion, kind, name: metadata.name ?? '', ...namespace })) return;
  try {
    await client.create(object);
  } catch (error) {
    if (!hasCode(error, 'KUBE_ALREADY_EXISTS')) throw error;
  }
}

function secret(name: string, namespace: string, data: Record<string, string>): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: controlMetadata(name, namespace),
    type: 'Opaque',
    data: Object.fromEntries(encoded),
  };
}

async function readSecret(client: KubeClient, namespace: string, name: string): Promise<Record<string, string>> {
  const found = await client.find({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  return found ? documentOf(found).data : {};
}

function randomPassword(): string {
  return Array.from({ length: passwordLength }, () => passwordAlphabet[randomInt(passwordAlphabet.length)]).join('');
}

/** The text of the initial password, kept in its Secret before it is set, so that a crash in between loses nothing. */
async function initialPassword(client: KubeClient, namespace: string, wanted: string): Promise<string> {
  await createMissing(client, secret(initialSecretName, namespace, { password: wanted }));
  const { password } = await readSecret(client, namespace, initialSecretName);
  return password ?? wanted;
}

async function missingKeys(
  options: EnsureDefaultsOptions,
  present: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { client, namespace, adminPassword } = options;
  const key: Record<string, string> = present['server.secretkey']
    ? {}
    : { 'server.secretkey': randomBytes(32).toString('base64') };
  if (present['admin.password']) return key;
  const password = await initialPassword(client, namespace, adminPassword ?? randomPassword());
  const changedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...key, 'admin.password': await hash(password, bcryptCost), 'admin.passwordMtime': changedAt };
}

/** Adds what argocd-secret lacks. The resourceVersion in the patch makes a simultaneous writer win, and us look again. */
async function ensureSecret(options: EnsureDefaultsOptions): Promise<void> {
  const { client, namespace } = options;
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: secretName };
  await createMissing(client, secret(secretName, namespace, {}));
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await client.get(ref);
    const missing = await missingKeys(options, documentOf(found).data);
    if (Object.keys(missing).length === 0) return;
    const { data } = secret(secretName, namespace, missing);
    try {
      await client.patch(
        ref,
        { metadata: { resourceVersion: found.metadata.resourceVersion }, data },
        { type: 'merge' },
      );
      return;
    } catch (error) {
      if (!hasCode(error, 'KUBE_CONFLICT')) throw error;
    }
  }
  throw new PlumblineError('SETTINGS_SECRET_CONTENDED', `Secret ${secretName} changes too often to be completed`, {
    retry: 'transient',
  });
}

/**
 * Creates what a control plane needs and lacks: namespace, ConfigMaps, Secrets (reference §10), AppProject `default`. What is
 * there is never changed; argocd-secret only gets the keys it lacks. The CRDs must exist. Returns the initial password
 * of the administrator as long as its Secret exists.
 */
export async function ensureDefaults(options: EnsureDefaultsOptions): Promise<{ adminPassword: string | undefined }> {
  const { client, namespace } = options;
  await createMissing(client, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await Promise.all(defaultConfigMaps(namespace).map((configMap) => createMissing(client, configMap)));
  await ensureSecret(options);
  await createMissing(client, defaultAppProject(namespace));
  const { password } = await readSecret(client, namespace, initialSecretName);
  return { adminPassword: password };
}
