import type { RepoCreds, RepoCredsInput, Repository, RepositoryInput } from '@plumbline/protocol';
import { apiFailure } from '../http/api-failure.ts';

/** Keys of a Secret by the kind of their values (reference §10.5). The JSON names are the same, but for `url`. */
const shown = {
  type: 'text',
  name: 'text',
  project: 'text',
  username: 'text',
  enableOCI: 'flag',
  insecureOCIForceHttp: 'flag',
  insecure: 'flag',
  insecureIgnoreHostKey: 'flag',
  enableLfs: 'flag',
  depth: 'number',
  githubAppID: 'number',
  githubAppInstallationID: 'number',
  githubAppEnterpriseBaseUrl: 'text',
  proxy: 'text',
  noProxy: 'text',
  forceHttpBasicAuth: 'flag',
  useAzureWorkloadIdentity: 'flag',
  azureServicePrincipalTenantId: 'text',
  azureServicePrincipalClientId: 'text',
  azureActiveDirectoryEndpoint: 'text',
  webhookManifestCacheWarmDisabled: 'flag',
} as const;

const hidden = [
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCertData',
  'tlsClientCertKey',
  'githubAppPrivateKey',
  'gcpServiceAccountKey',
  'azureServicePrincipalClientSecret',
] as const;

/** Where templates write a key otherwise. */
const templateKeys: Readonly<Record<string, string>> = {
  azureServicePrincipalTenantId: 'azureServicePrincipalTenantID',
  azureServicePrincipalClientId: 'azureServicePrincipalClientID',
};

type Data = Readonly<Record<string, string>>;

function dataOf(input: Readonly<Record<string, unknown>>, keyOf: (name: string) => string): Record<string, string> {
  return Object.fromEntries(
    [...Object.keys(shown), ...hidden].flatMap((name) => {
      const value = input[name];
      const says = value !== undefined && value !== '' && value !== false && value !== 0;
      return says ? [[keyOf(name), String(value)]] : [];
    }),
  );
}

/** User and password in an address are credentials: they go where credentials are. */
function split(address: string): { url: string; username?: string; password?: string } {
  const url = address.trim();
  if (!/^https?:\/\/[^/]*@/i.test(url) || !URL.canParse(url)) return { url };
  const { username, password } = new URL(url);
  return {
    url: url.replace(/^(https?:\/\/)[^/]*@/i, '$1'),
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
  };
}

function withAddress(
  input: RepositoryInput | RepoCredsInput,
  address: string,
): Record<string, unknown> & { url: string } {
  const { url, username, password } = split(address);
  return { ...input, url, username: input.username || username, password: input.password || password };
}

/** The keys of the Secret for a repository. Throws `InvalidArgument` where something is missing. */
export function repositoryData(input: RepositoryInput): Record<string, string> {
  const { url, ...rest } = withAddress(input, input.repo);
  if (url === '') throw apiFailure('InvalidArgument', 'repo: the URL of the repository is missing');
  if (input.type === 'helm' && !input.name) {
    throw apiFailure('InvalidArgument', 'name: a Helm repository needs a name');
  }
  return { type: 'git', ...dataOf(rest, (name) => name), url };
}

/** The keys of the Secret for a credential template. */
export function repoCredsData(input: RepoCredsInput): Record<string, string> {
  const { url, ...rest } = withAddress(input, input.url);
  if (url === '') throw apiFailure('InvalidArgument', 'url: the beginning of the repositories’ URLs is missing');
  return { ...dataOf(rest, (name) => templateKeys[name] ?? name), url };
}

function shownFields(data: Data, keyOf: (name: string) => string): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(shown).flatMap(([name, kind]): [string, string | number | boolean][] => {
      const text = data[keyOf(name)] ?? '';
      if (kind === 'text') return text === '' ? [] : [[name, text]];
      if (kind === 'flag') return text === 'true' ? [[name, true]] : [];
      const number = Number(text);
      return text !== '' && Number.isSafeInteger(number) ? [[name, number]] : [];
    }),
  );
}

/** An address as answers show it. */
export const shownAddress = (data: Data): string => split(data['url'] ?? '').url;

/** Whether the Secret itself says how to log in. */
export function hasCredentials(data: Data): boolean {
  return ['username', ...hidden].some((key) => (data[key] ?? '') !== '');
}

/** What a Secret says of a repository, without credentials. */
export function repositoryOf(data: Data): Repository {
  return { repo: shownAddress(data), type: 'git', ...shownFields(data, (name) => name) };
}

/** What a Secret says of a credential template, without credentials. */
export function repoCredsOf(data: Data): RepoCreds {
  const { name: _, project: __, ...fields } = shownFields(data, (name) => templateKeys[name] ?? name);
  return { url: shownAddress(data), ...fields };
}

/** Whether both declare the same, credentials included. */
export function sameData(a: Data, b: Data): boolean {
  const says = (data: Data) =>
    JSON.stringify(
      Object.entries(data)
        .filter(([, value]) => value !== '')
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return says({ type: 'git', ...a }) === says({ type: 'git', ...b });
}
