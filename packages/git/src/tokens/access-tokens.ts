import { createHash } from 'node:crypto';
import {
  azureRegistryUser,
  checkAzureHost,
  principalToken,
  workloadGitToken,
  workloadRegistryToken,
} from '../cloud/azure.ts';
import { googleToken, googleUser } from '../cloud/google.ts';
import { createTokenMemory } from '../cloud/token-memory.ts';
import type { CloudIdentity, RepositoryAccess } from '../types.ts';
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

export function createAccessTokens(options: AccessTokensOptions = {}): AccessTokens {
  const { environment = process.env, azureHosts = [], clock = Date.now } = options;
  const memory = createTokenMemory(clock);

  const ofWorkload = async (access: RepositoryAccess, purpose: TokenPurpose): Promise<RepositoryAccess> => {
    const host = hostOf(access.url);
    checkAzureHost(host, purpose, { more: azureHosts });
    if (purpose === 'git') {
      const ask = () => workloadGitToken(environment, access, clock());
      return { ...access, bearerToken: await memory.get(keyOf('azure'), ask) };
    }
    const ask = () => workloadRegistryToken(environment, { access, host }, clock());
    return { ...access, username: azureRegistryUser, password: await memory.get(keyOf('azure', host), ask) };
  };

  const ofCloud = async (cloud: CloudIdentity, access: RepositoryAccess, purpose: TokenPurpose) => {
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
        return ofWorkload(access, purpose);
    }
  };

  return {
    async exchange({ githubApp, cloud, ...access }, purpose = 'git') {
      if (githubApp) {
        const ask = () => requestGithubToken(githubApp, access, clock());
        const account = githubApp.installationId === undefined ? accountOf(access.url).toLowerCase() : '';
        return { ...access, username: 'x-access-token', password: await memory.get(keyOf(githubApp, account), ask) };
      }
      return cloud ? ofCloud(cloud, access, purpose) : access;
    },
  };
}
