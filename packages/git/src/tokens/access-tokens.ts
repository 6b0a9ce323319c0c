import { createHash } from 'node:crypto';
import {
  azureRegistryUser,
  checkAzureHost,
  principalToken,
  workloadGitToken,
  workloadRegistryToken,
} from '../cloud/azure.ts';
import { googleToken, googleUser } from '../cloud/google.ts';
import { createTokenMemory, type TokenMemory } from '../cloud/token-memory.ts';
import type { CloudIdentity, GithubApp, RepositoryAccess } from '../types.ts';
import { accountOf, requestGithubToken } from './github-tokens.ts';

export interface AccessTokensOptions {
  /** Where Azure put the identity of this process. Default: the process' own. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Hosts beside those of Azure that this identity may be shown to. */
  azureHosts?: readonly string[];
  clock?: () => number;
}

/** What the tokens are for: repositories of Git, or charts and artifacts. */
export type TokenPurpose = 'git' | 'registry';

/** Exchanges identities (of a GitHub App, of clouds) for tokens, and remembers these until shortly before they end. */
export interface AccessTokens {
  /**
   * The access with user and password, or a bearer token, in the place of the identity; as it is where it names none. Throws
   * `GIT_AUTHENTICATION` where the identity is refused or none, `GIT_UNREACHABLE` (transient) where there is no usable answer.
   */
  exchange(access: RepositoryAccess, purpose?: TokenPurpose): Promise<RepositoryAccess>;
}

function keyOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The host, with its port, of a URL that may have no scheme. */
function hostOf(url: string): string {
  return new URL(/^[a-z]+:\/\//i.test(url) ? url.replace(/^oci:/i, 'https:') : `https://${url}`).host;
}

/** What tokens are asked for with, and where they are remembered. */
interface TokenParts {
  environment: Readonly<Record<string, string | undefined>>;
  azureHosts: readonly string[];
  clock(): number;
  memory: TokenMemory;
}

async function ofGithubApp(
  { memory, clock }: TokenParts,
  githubApp: GithubApp,
  access: RepositoryAccess,
): Promise<RepositoryAccess> {
  const ask = () => requestGithubToken(githubApp, access, clock());
  const account = githubApp.installationId === undefined ? accountOf(access.url).toLowerCase() : '';
  return { ...access, username: 'x-access-token', password: await memory.get(keyOf(githubApp, account), ask) };
}

async function ofAzureWorkload(
  { environment, azureHosts, clock, memory }: TokenParts,
  access: RepositoryAccess,
  purpose: TokenPurpose,
): Promise<RepositoryAccess> {
  const host = hostOf(access.url);
  checkAzureHost(host, purpose, { more: azureHosts });
  if (purpose === 'git') {
    const ask = () => workloadGitToken(environment, access, clock());
    return { ...access, bearerToken: await memory.get(keyOf('azure'), ask) };
  }
  const ask = () => workloadRegistryToken(environment, { access, host }, clock());
  return { ...access, username: azureRegistryUser, password: await memory.get(keyOf('azure', host), ask) };
}

async function ofCloud(
  parts: TokenParts,
  cloud: CloudIdentity,
  { access, purpose }: { access: RepositoryAccess; purpose: TokenPurpose },
): Promise<RepositoryAccess> {
  const { memory, clock } = parts;
  switch (cloud.kind) {
    case 'google': {
      const username = purpose === 'git' ? googleUser(cloud.serviceAccountKey) : 'oauth2accesstoken';
      const ask = () => googleToken(cloud.serviceAccountKey, access, clock());
      return { ...access, username, password: await memory.get(keyOf(cloud), ask) };
    }
    case 'azure-principal': {
      const ask = () => principalToken(cloud, access, clock());
      return { ...access, bearerToken: await memory.get(keyOf(cloud), ask) };
    }
    case 'azure-workload':
      return ofAzureWorkload(parts, access, purpose);
  }
}

export function createAccessTokens(options: AccessTokensOptions = {}): AccessTokens {
  const { environment = process.env, azureHosts = [], clock = Date.now } = options;
  const parts: TokenParts = { environment, azureHosts, clock, memory: createTokenMemory(clock) };
  return {
    async exchange({ githubApp, cloud, ...access }, purpose = 'git') {
      if (githubApp) return ofGithubApp(parts, githubApp, access);
      return cloud ? ofCloud(parts, cloud, { access, purpose }) : access;
    },
  };
}
