import { labels, secretTypes } from '@plumbline/apis';
import type { CloudIdentity, GithubApp, RepositoryAccess } from '@plumbline/git';
import type { Document } from '../documents.ts';
import type { RepositoryEntry } from '../types.ts';
import { type ReadState, ValueReader } from './value-reader.ts';
import { invalid, parseAddress, parseFlag, parseNumber, parseWord } from './values.ts';

/** What a Secret says of a repository or of all repositories below a URL. */
export interface RepositorySecret {
  entry: RepositoryEntry;
  access: Omit<RepositoryAccess, 'url'>;
}

export interface RepositorySecrets {
  repositories: readonly RepositorySecret[];
  templates: readonly RepositorySecret[];
}

const types = ['git', 'helm', 'oci'] as const;

/** Text keys of a Secret (reference §10.5) and the fields they become. */
const textKeys = {
  username: 'username',
  password: 'password',
  bearerToken: 'bearerToken',
  sshPrivateKey: 'sshPrivateKey',
  tlsClientCert: 'tlsClientCertData',
  tlsClientKey: 'tlsClientCertKey',
  proxy: 'proxy',
  noProxy: 'noProxy',
} as const satisfies Partial<Record<keyof RepositoryAccess, string>>;

/** App and key, or none. The installation can be found by the repository's URL. */
function readGithubApp(reader: ValueReader): { githubApp?: GithubApp } {
  const number = (key: string) =>
    reader.read(key, '', (text) => {
      if (text.trim() !== '' && !/^\d+$/.test(text.trim())) throw invalid('expected a number');
      return text.trim();
    });
  const privateKey = reader.read('githubAppPrivateKey', '', (text) => text);
  const appId = number('githubAppID');
  const installationId = number('githubAppInstallationID');
  if (privateKey === '') return {};
  if (appId === '') reader.report('githubAppID', 'missing: githubAppPrivateKey needs it');
  if (appId === '') return {};
  const address = (text: string) => (text.trim() === '' ? '' : parseAddress(text));
  const baseUrl = reader.read('githubAppEnterpriseBaseUrl', '', address);
  const installation = installationId === '' ? {} : { installationId };
  return { githubApp: { appId, ...installation, privateKey, ...(baseUrl ? { baseUrl } : {}) } };
}

/** The keys of templates are spelled in another way (reference §10.5); either is read in both. */
function readAzurePrincipal(reader: ValueReader): CloudIdentity | undefined {
  const text = (...keys: readonly string[]) =>
    keys.map((key) => reader.read(key, '', (value) => value.trim())).find((value) => value !== '') ?? '';
  const clientId = text('azureServicePrincipalClientId', 'azureServicePrincipalClientID');
  const tenantId = text('azureServicePrincipalTenantId', 'azureServicePrincipalTenantID');
  const clientSecret = text('azureServicePrincipalClientSecret');
  const given = { ClientId: clientId, TenantId: tenantId, ClientSecret: clientSecret };
  if (Object.values(given).every((value) => value === '')) return undefined;
  const missing = Object.entries(given).filter(([, value]) => value === '');
  for (const [key] of missing) reader.report(`azureServicePrincipal${key}`, 'missing: a service principal needs it');
  if (missing.length > 0) return undefined;
  const address = (value: string) => (value.trim() === '' ? '' : parseAddress(value));
  const endpoint = reader.read('azureActiveDirectoryEndpoint', '', address);
  return { kind: 'azure-principal', clientId, tenantId, clientSecret, ...(endpoint ? { endpoint } : {}) };
}

function readCloud(reader: ValueReader): { cloud?: CloudIdentity } {
  const serviceAccountKey = reader.read('gcpServiceAccountKey', '', (text) => text.trim());
  if (serviceAccountKey !== '') return { cloud: { kind: 'google', serviceAccountKey } };
  const principal = readAzurePrincipal(reader);
  if (principal) return { cloud: principal };
  return reader.read('useAzureWorkloadIdentity', false, parseFlag) ? { cloud: { kind: 'azure-workload' } } : {};
}

function parseDepth(text: string): number {
  const depth = text.trim() === '' ? 0 : parseNumber(text);
  if (!Number.isSafeInteger(depth)) throw invalid('expected a whole number of commits');
  return depth;
}

function readAccess(reader: ValueReader): Omit<RepositoryAccess, 'url'> {
  const texts = Object.entries(textKeys).flatMap(([field, key]) => {
    const value = reader.read(key, '', (text) => text);
    return value === '' ? [] : [[field, value]];
  });
  const flags = {
    insecure: reader.read('insecure', false, parseFlag) || reader.read('insecureIgnoreHostKey', false, parseFlag),
    enableLfs: reader.read('enableLfs', false, parseFlag),
    forceHttpBasicAuth: reader.read('forceHttpBasicAuth', false, parseFlag),
    insecureOciForceHttp: reader.read('insecureOCIForceHttp', false, parseFlag),
  };
  const depth = reader.read('depth', 0, parseDepth);
  return {
    ...Object.fromEntries(texts),
    ...Object.fromEntries(Object.entries(flags).filter(([, on]) => on)),
    ...(depth > 0 ? { depth } : {}),
    ...readGithubApp(reader),
    ...readCloud(reader),
  };
}

function readSecret(secret: Document, reader: ValueReader, template: boolean): RepositorySecret | undefined {
  const url = reader.read('url', '', (text) => {
    if (text.trim() === '') throw invalid('expected the URL of the repository');
    return text.trim();
  });
  const type = reader.read('type', 'git', parseWord(types));
  const name = reader.read('name', '', (text) => text.trim());
  const project = reader.read('project', '', (text) => text.trim());
  if (url === '') return undefined;
  if (type === 'helm' && !template && name === '') reader.report('name', 'a Helm repository needs a name');
  const entry = { url, type, name: name || undefined, project: project || undefined, secretName: secret.name };
  return { entry, access: readAccess(reader) };
}

/** Repositories and credential templates of the labelled Secrets, by name of the Secret. */
export function readRepositories(secrets: Iterable<Document>, state: ReadState): RepositorySecrets {
  const repositories: RepositorySecret[] = [];
  const templates: RepositorySecret[] = [];
  for (const secret of secrets) {
    const type = secret.labels[labels.secretType];
    const template = type === secretTypes.repoCreds;
    if (!template && type !== secretTypes.repository) continue;
    const reader = new ValueReader({ object: `Secret ${secret.name}`, data: secret.data, ...state });
    const read = readSecret(secret, reader, template);
    if (!read) reader.report('url', 'missing: the URL of the repository');
    else (template ? templates : repositories).push(read);
  }
  return { repositories, templates };
}
