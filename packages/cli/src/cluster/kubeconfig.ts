import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ClusterConfig } from '@plumbline/protocol';
import { Fatal } from '../fatal.ts';

/** What a context of a kubeconfig says of a cluster. */
export interface KubeContext {
  server: string;
  config: ClusterConfig;
}

type Members = Record<string, unknown>;
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The entry of a kubeconfig's list with a name: `{name, <key>: {…}}`. */
function entry(list: unknown, name: string, key: string): Members {
  const found = (Array.isArray(list) ? list : []).find((one: unknown) => isMembers(one) && one['name'] === name);
  const value = isMembers(found) ? found[key] : undefined;
  return isMembers(value) ? value : {};
}

/** Data that stands in the file, or in a file that it names. */
async function dataOf(members: Members, name: string, folder: string): Promise<string | undefined> {
  const inline = textOf(members[`${name}-data`]);
  const path = textOf(members[name]);
  if (inline !== undefined || path === undefined) return inline;
  return (await readFile(resolve(folder, path))).toString('base64');
}

function execOf(user: Members): ClusterConfig['execProviderConfig'] {
  const { exec } = user;
  if (!isMembers(exec)) return undefined;
  const env = (Array.isArray(exec['env']) ? exec['env'] : []).filter(isMembers);
  return {
    command: textOf(exec['command']),
    args: Array.isArray(exec['args']) ? exec['args'].map(String) : [],
    env: Object.fromEntries(env.map(({ name, value }) => [String(name), String(value)])),
    apiVersion: textOf(exec['apiVersion']),
    installHint: textOf(exec['installHint']),
  };
}

/** Reads a context of a kubeconfig text. `folder` is where its relative paths begin. Throws Fatal where it is not there. */
export async function readContext(text: string, name: string, folder: string): Promise<KubeContext> {
  const { load } = await import('js-yaml');
  const file: unknown = load(text);
  const members = isMembers(file) ? file : {};
  const context = entry(members['contexts'], name, 'context');
  const cluster = entry(members['clusters'], String(context['cluster'] ?? ''), 'cluster');
  const user = entry(members['users'], String(context['user'] ?? ''), 'user');
  const server = textOf(cluster['server']);
  if (server === undefined) {
    const names = (Array.isArray(members['contexts']) ? members['contexts'] : []).filter(isMembers);
    const known = names.map((one) => String(one['name'])).join(', ');
    throw new Fatal(`the kubeconfig has no context "${name}"`, { next: `it has: ${known || 'none'}`, exitCode: 1 });
  }
  const exec = execOf(user);
  const tokenFile = textOf(user['tokenFile']);
  const token = textOf(user['token']) ?? (tokenFile && (await readFile(resolve(folder, tokenFile), 'utf8')).trim());
  const insecure = cluster['insecure-skip-tls-verify'] === true;
  return {
    server,
    config: {
      username: textOf(user['username']),
      password: textOf(user['password']),
      bearerToken: token || undefined,
      ...(exec ? { execProviderConfig: exec } : {}),
      tlsClientConfig: {
        insecure,
        serverName: textOf(cluster['tls-server-name']),
        caData: insecure ? undefined : await dataOf(cluster, 'certificate-authority', folder),
        certData: await dataOf(user, 'client-certificate', folder),
        keyData: await dataOf(user, 'client-key', folder),
      },
      proxyUrl: textOf(cluster['proxy-url']),
    },
  };
}

/** Server and certificate authority of the first cluster of a kubeconfig text. */
export async function firstCluster(text: string): Promise<{ server: string; caData?: string } | undefined> {
  const { load } = await import('js-yaml');
  const file: unknown = load(text);
  const clusters: unknown = isMembers(file) ? file['clusters'] : undefined;
  const first: unknown = Array.isArray(clusters) ? clusters[0] : undefined;
  const cluster = isMembers(first) && isMembers(first['cluster']) ? first['cluster'] : {};
  const server = textOf(cluster['server']);
  const caData = textOf(cluster['certificate-authority-data']);
  return server ? { server, ...(caData ? { caData } : {}) } : undefined;
}

/** Names of the contexts of a kubeconfig file. */
export async function contextNames(path: string): Promise<string[]> {
  const { load } = await import('js-yaml');
  const file: unknown = load(await kubeconfigText(path));
  const contexts: unknown = isMembers(file) ? file['contexts'] : undefined;
  return (Array.isArray(contexts) ? contexts : []).filter(isMembers).map((one) => String(one['name']));
}

async function kubeconfigText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new Fatal(`cannot read the kubeconfig ${path}`, { next: 'name it with --kubeconfig', exitCode: 1 });
  });
}

/** Path of the kubeconfig: the flag's, the environment's first, or the usual one. */
export function kubeconfigPath(flag: string | undefined): string {
  return (
    flag ?? process.env['KUBECONFIG']?.split(':').find((path) => path !== '') ?? join(homedir(), '.kube', 'config')
  );
}

/** Reads a context of a kubeconfig file. */
export async function contextOfFile(path: string, name: string): Promise<KubeContext> {
  const text = await kubeconfigText(path);
  return readContext(text, name, dirname(path));
}
