import type { Repository } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { paint } from '../output/paint.ts';
import { type ListFormat, type Listing, printList, printOne } from '../output/print-list.ts';
import type { Terminal } from '../terminal.ts';
import { type CredentialOptions, credentialsOf } from './credentials.ts';

export interface RepoAddOptions extends GlobalOptions, CredentialOptions {
  name?: string;
  project?: string;
  upsert?: boolean;
  insecureSkipServerVerification?: boolean;
  insecureIgnoreHostKey?: boolean;
  enableLfs?: boolean;
  depth?: number;
  webhookManifestCacheWarmDisabled?: boolean;
}

const credentialsText = (repository: Repository): string => {
  if (repository.inheritedCreds) return 'inherited';
  return repository.username ? `user ${repository.username}` : '-';
};

const listing: Listing<Repository> = {
  headings: ['TYPE', 'NAME', 'REPO', 'INSECURE', 'OCI', 'LFS', 'CREDS', 'STATUS', 'MESSAGE', 'PROJECT'],
  row: (one) => [
    one.type ?? 'git',
    one.name ?? '',
    one.repo,
    String(one.insecure ?? one.insecureIgnoreHostKey ?? false),
    String(one.enableOCI ?? false),
    String(one.enableLfs ?? false),
    credentialsText(one),
    paint(one.connectionState?.status ?? 'Unknown'),
    one.connectionState?.message ?? '',
    one.project ?? '',
  ],
  name: ({ repo }) => repo,
};

/** `plumb repo add`: the server tries the connection before it stores anything. */
export async function addRepository(terminal: Terminal, url: string, options: RepoAddOptions): Promise<void> {
  const client = await connect(options);
  const body = {
    repo: url,
    ...(await credentialsOf(options)),
    name: options.name,
    project: options.project,
    insecure: options.insecureSkipServerVerification,
    insecureIgnoreHostKey: options.insecureIgnoreHostKey,
    enableLfs: options.enableLfs,
    depth: options.depth,
    webhookManifestCacheWarmDisabled: options.webhookManifestCacheWarmDisabled,
  };
  const { repo } = await client.call('createRepository', { body, query: { upsert: options.upsert } });
  terminal.out(`Repository '${repo}' added\n`);
}

/** `plumb repo list`. */
export async function listRepositories(
  terminal: Terminal,
  options: GlobalOptions & { output: ListFormat; project?: string; refresh?: string },
): Promise<void> {
  const query = { appProject: options.project, forceRefresh: options.refresh !== undefined };
  const { items } = await (await connect(options)).call('listRepositories', { query });
  await printList(terminal, items, { ...listing, format: options.output });
}

/** `plumb repo get`. */
export async function getRepository(
  terminal: Terminal,
  url: string,
  options: GlobalOptions & { output: ListFormat; project?: string; refresh?: string },
): Promise<void> {
  const query = { appProject: options.project, forceRefresh: options.refresh !== undefined };
  const repository = await (await connect(options)).call('getRepository', { params: { repo: url }, query });
  await printOne(terminal, repository, { ...listing, format: options.output });
}

/** `plumb repo rm`. */
export async function removeRepositories(
  terminal: Terminal,
  urls: string[],
  options: GlobalOptions & { project?: string },
): Promise<void> {
  const client = await connect(options);
  for (const repo of urls) {
    await client.call('deleteRepository', { params: { repo }, query: { appProject: options.project } });
    terminal.out(`Repository '${repo}' removed\n`);
  }
}

/** `plumb repocreds add`. */
export async function addCredentials(
  terminal: Terminal,
  url: string,
  options: GlobalOptions & CredentialOptions & { upsert?: boolean },
): Promise<void> {
  const client = await connect(options);
  const body = { url, ...(await credentialsOf(options)) };
  await client.call('createRepoCreds', { body, query: { upsert: options.upsert } });
  terminal.out(`Repository credentials for '${url}' added\n`);
}

/** `plumb repocreds list`. */
export async function listCredentials(
  terminal: Terminal,
  options: GlobalOptions & { output: ListFormat },
): Promise<void> {
  const { items } = await (await connect(options)).call('listRepoCreds');
  await printList(terminal, items, {
    format: options.output,
    headings: ['URL PATTERN', 'USERNAME', 'TYPE'],
    row: ({ url, username = '-', type = '' }) => [url, username, type],
    name: ({ url }) => url,
  });
}

/** `plumb repocreds rm`. */
export async function removeCredentials(terminal: Terminal, urls: string[], options: GlobalOptions): Promise<void> {
  const client = await connect(options);
  for (const url of urls) {
    await client.call('deleteRepoCreds', { params: { url } });
    terminal.out(`Repository credentials for '${url}' removed\n`);
  }
}
