import { matchesAny } from '@plumbline/access';
import { applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';

/** What of a control plane is backed up: all that people have said, none of what it finds out itself. */
const configMaps = [
  'argocd-cm',
  'argocd-rbac-cm',
  'argocd-cmd-params-cm',
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
  'argocd-gpg-keys-cm',
  'argocd-notifications-cm',
];
const secrets = ['argocd-secret', 'argocd-notifications-secret'];
const secretTypes = 'argocd.argoproj.io/secret-type';

export interface BackupScope {
  namespace: string;
  /** Globs of other namespaces in which Applications live. */
  applicationNamespaces: readonly string[];
  applicationsetNamespaces: readonly string[];
}

/** Kind and name of an object in words that tell it from every other. */
export const objectId = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

/** Whether an object of these two kinds belongs to a control plane. */
function isOwn({ kind, metadata }: KubeObject): boolean {
  const name = metadata.name ?? '';
  if (kind === 'ConfigMap') return configMaps.includes(name);
  return secrets.includes(name) || metadata.labels?.[secretTypes] !== undefined;
}

async function listed(client: KubeClient, kind: string, scope: BackupScope): Promise<KubeObject[]> {
  const globs = kind === 'Application' ? scope.applicationNamespaces : scope.applicationsetNamespaces;
  const everywhere = kind.startsWith('Application') && globs.length > 0;
  const place = everywhere ? {} : { namespace: scope.namespace };
  const { items } = await client.list({ apiVersion: applicationApiVersion, kind, ...place });
  return items
    .filter(({ metadata }) => metadata.namespace === scope.namespace || matchesAny(globs, metadata.namespace ?? ''))
    .map((item) => ({ ...item, apiVersion: applicationApiVersion, kind }));
}

/** Every object of a control plane that a backup holds, as it is in the cluster. */
export async function backupObjects(client: KubeClient, scope: BackupScope): Promise<KubeObject[]> {
  const { namespace } = scope;
  const plain = async (kind: string): Promise<KubeObject[]> => {
    const { items } = await client.list({ apiVersion: 'v1', kind, namespace });
    return items.map((item) => ({ ...item, apiVersion: 'v1', kind })).filter(isOwn);
  };
  const groups = await Promise.all([
    plain('ConfigMap'),
    plain('Secret'),
    listed(client, 'AppProject', scope),
    listed(client, 'Application', scope),
    listed(client, 'ApplicationSet', scope),
  ]);
  return groups.flat();
}

const serverFields = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'selfLink',
  'ownerReferences',
];

/** The object without what a cluster writes itself. Those of the control plane's own namespace name none: they go to any. */
export function portable(object: KubeObject, namespace: string): KubeObject {
  const metadata = { ...object.metadata } as Record<string, unknown>;
  for (const field of serverFields) delete metadata[field];
  if (metadata['namespace'] === namespace) delete metadata['namespace'];
  const { status: _, operation: __, ...rest } = object as KubeObject & { status?: unknown; operation?: unknown };
  return { ...rest, metadata: metadata as KubeObject['metadata'] };
}
