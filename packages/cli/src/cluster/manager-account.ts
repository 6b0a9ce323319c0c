import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import { Fatal } from '../fatal.ts';

interface ManagerOptions {
  /** Namespace of the account. */
  systemNamespace: string;
  /** Only there it may do everything; none given is the whole cluster. */
  namespaces: readonly string[];
}

export const managerName = 'argocd-manager';
const roleName = `${managerName}-role`;
const apiGroup = 'rbac.authorization.k8s.io';
const rbacVersion = `${apiGroup}/v1`;
const patienceMs = 10_000;
const pauseMs = 200;
/** What the API server is asked for where nothing fills Secrets with tokens. */
const requestedSeconds = 10 * 365 * 24 * 3_600;

const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };

/** The account and its rights, as `argocd cluster add` makes them. */
export function managerObjects({ systemNamespace, namespaces }: ManagerOptions): KubeObject[] {
  const account = { kind: 'ServiceAccount', name: managerName, namespace: systemNamespace };
  const binding = (kind: 'ClusterRole' | 'Role', namespace?: string): KubeObject[] => {
    const place = namespace === undefined ? {} : { namespace };
    const rules = kind === 'Role' ? [everything] : [everything, { nonResourceURLs: ['*'], verbs: ['*'] }];
    const metadata = { name: roleName, ...place };
    return [
      { apiVersion: rbacVersion, kind, metadata, rules },
      {
        apiVersion: rbacVersion,
        kind: `${kind}Binding`,
        metadata: { name: `${roleName}-binding`, ...place },
        roleRef: { apiGroup, kind, name: roleName },
        subjects: [account],
      },
    ];
  };
  const rights = namespaces.length > 0 ? namespaces.flatMap((name) => binding('Role', name)) : binding('ClusterRole');
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: managerName, namespace: systemNamespace } },
    ...rights,
  ];
}

/** Creates or updates the account and its rights. */
export async function installManager(client: KubeClient, options: ManagerOptions): Promise<void> {
  for (const object of managerObjects(options)) {
    await client.apply(object, { fieldManager: 'plumb-cli', force: true });
  }
}

interface Account {
  namespace: string;
  name: string;
}

function isMember(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && name in value;
}

async function keptToken(client: KubeClient, { namespace, name }: Account): Promise<string | undefined> {
  const secret = `${name}-long-lived-token`;
  await client.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name: secret, namespace, annotations: { 'kubernetes.io/service-account.name': name } },
    },
    { fieldManager: 'plumb-cli', force: true },
  );
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(pauseMs)) {
    const { data } = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: secret });
    if (isMember(data, 'token')) return Buffer.from(String(data['token']), 'base64').toString('utf8');
  }
  return undefined;
}

/** A token that the API server signs itself: it ends, but late. */
async function requestedToken(client: KubeClient, { namespace, name }: Account): Promise<string | undefined> {
  const answer = await client.raw('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: requestedSeconds },
  });
  const status = isMember(answer, 'status') ? answer['status'] : undefined;
  return isMember(status, 'token') ? String(status['token']) : undefined;
}

/** A lasting token of a service account, kept in a Secret beside it. Throws Fatal where there is no such account. */
export async function accountToken(client: KubeClient, account: Account): Promise<string> {
  const { namespace, name } = account;
  if (!(await client.find({ apiVersion: 'v1', kind: 'ServiceAccount', namespace, name }))) {
    throw new Fatal(`there is no service account ${namespace}/${name}`, {
      next: 'create it first, or leave --service-account out: then one is made',
    });
  }
  const token = (await keptToken(client, account)) ?? (await requestedToken(client, account));
  if (token) return token;
  throw new Fatal(`the cluster issues no token for the service account ${namespace}/${name}`);
}
