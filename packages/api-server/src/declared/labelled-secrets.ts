import { labels } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';

/** A Secret that declares something (reference §10.5), decoded. Holds credentials: never log it, never answer it. */
export interface LabelledSecret {
  name: string;
  uid: string;
  resourceVersion: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  data: Readonly<Record<string, string>>;
}

/** The Secrets of the control plane with one value of the label `secret-type`. */
export interface LabelledSecrets {
  /** By name. */
  list(type: string): Promise<LabelledSecret[]>;
  /** Throws `KUBE_ALREADY_EXISTS`. */
  create(type: string, secret: NewSecret): Promise<LabelledSecret>;
  /** Replaces the data, or labels and annotations too; fails where the Secret was changed since it was read. */
  update(secret: LabelledSecret, change: SecretChange): Promise<LabelledSecret>;
  /** One that we made is deleted; one that somebody declared loses its label, so that nothing is lost but the meaning. */
  remove(secret: LabelledSecret): Promise<void>;
}

export interface NewSecret {
  name: string;
  data: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
}
export type SecretChange = Partial<Pick<NewSecret, 'data' | 'labels' | 'annotations'>>;

/** Marks Secrets that were made over the API, as Argo CD marks them. */
const managedBy = { key: 'managed-by', value: 'argocd.argoproj.io' } as const;
const fieldManager = 'argocd-server';

const texts = (value: unknown): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    : [];

function decoded(object: KubeObject): LabelledSecret {
  const { name = '', uid = '', resourceVersion = '' } = object.metadata;
  const data = texts(object['data']).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]);
  return {
    name,
    uid,
    resourceVersion,
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    data: Object.fromEntries(data),
  };
}

const encoded = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));

/** @param namespace of the control plane */
export function createLabelledSecrets({
  client,
  namespace,
}: {
  client: KubeClient;
  namespace: string;
}): LabelledSecrets {
  const kind = { apiVersion: 'v1', kind: 'Secret', namespace };
  const write = (secret: LabelledSecret, labelsNow: Readonly<Record<string, string>>, change: SecretChange) =>
    client.replace(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'Opaque',
        metadata: {
          name: secret.name,
          namespace,
          resourceVersion: secret.resourceVersion,
          labels: { ...labelsNow },
          annotations: { ...(change.annotations ?? secret.annotations) },
        },
        data: encoded(change.data ?? secret.data),
      },
      { fieldManager },
    );
  return {
    async list(type) {
      const { items } = await client.list(kind, { labelSelector: `${labels.secretType}=${type}` });
      return items.map(decoded).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async create(type, { name, data, labels: more, annotations }) {
      const metadata = {
        name,
        namespace,
        labels: { ...more, [labels.secretType]: type },
        annotations: { ...annotations, [managedBy.key]: managedBy.value },
      };
      const object = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data: encoded(data) };
      return decoded(await client.create(object, { fieldManager }));
    },
    async update(secret, change) {
      const type = secret.labels[labels.secretType] ?? '';
      const wanted = change.labels ? { ...change.labels, [labels.secretType]: type } : secret.labels;
      return decoded(await write(secret, wanted, change));
    },
    async remove(secret) {
      if (secret.annotations[managedBy.key] !== managedBy.value) {
        const { [labels.secretType]: _, ...rest } = secret.labels;
        await write(secret, rest, {});
        return;
      }
      try {
        const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: secret.name };
        await client.delete(ref, { propagationPolicy: 'Background', uid: secret.uid });
      } catch (error) {
        if (!hasCode(error, 'KUBE_NOT_FOUND')) throw error;
      }
    },
  };
}

/** 32-bit FNV-1a, as Argo CD names Secrets: both find each other's. */
export function secretName(prefix: string, ...parts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(parts.join(''))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${prefix}-${hash}`;
}
