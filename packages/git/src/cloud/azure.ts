import { readFile } from 'node:fs/promises';
import { PlumblineError } from '@plumbline/errors';
import type { AzurePrincipal, RepositoryAccess } from '../types.ts';
import { askToken, endOf, type TokenQuestion, textOf } from './ask-token.ts';
import type { Token } from './token-memory.ts';

/** Where the machine's own identity may be shown; what a Secret says of a repository does not decide that. */
interface AzureHosts {
  /** Names of Git servers and registries, as `git.example.com`, beside those of Azure. */
  more: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Azure DevOps, as a resource that tokens are for. */
const devOpsScope = '499b84ac-1321-427f-aa17-267ca6975798/.default';
const managementScope = 'https://management.core.windows.net/.default';
const publicAuthority = 'https://login.microsoftonline.com';
const gitHosts = /^(dev\.azure\.com|[a-z0-9-]+\.visualstudio\.com)$/i;
const registryHosts = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.azurecr\.(io|cn|us|de)$/i;

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

/** A token of a service principal, for its secret (OAuth client credentials). */
export async function principalToken(given: AzurePrincipal, access: RepositoryAccess, now: number): Promise<Token> {
  const { clientId, clientSecret, tenantId, endpoint = publicAuthority } = given;
  const question: TokenQuestion = {
    url: `${trimmed(endpoint)}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
    form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: devOpsScope },
    who: `Azure service principal ${clientId}`,
    hint: 'check azureServicePrincipalClientId, …ClientSecret and …TenantId and azureActiveDirectoryEndpoint of the Secret',
  };
  const answer = await askToken(question, access);
  return { text: textOf(answer, 'access_token', question), expiresAt: endOf(answer, now) };
}

function missing(names: readonly string[]): PlumblineError {
  const text = `useAzureWorkloadIdentity: the environment of this process has no ${names.join(', ')}`;
  return new PlumblineError('GIT_AUTHENTICATION', text, {
    hint: 'give the repo-server a service account that is federated with Azure and the label azure.workload.identity/use: "true"',
  });
}

/** Throws `GIT_AUTHENTICATION` where the host is none that the identity may be shown to. */
export function checkAzureHost(host: string, purpose: 'git' | 'registry', { more }: AzureHosts): void {
  const own = purpose === 'git' ? gitHosts : registryHosts;
  if (own.test(host) || more.includes(host.toLowerCase())) return;
  throw new PlumblineError('GIT_AUTHENTICATION', `useAzureWorkloadIdentity: ${host} is no host of Azure`, {
    hint: 'the identity of the repo-server is shown to hosts of Azure only; an operator names others by --azure-hosts',
  });
}

async function workloadToken(environment: Environment, scope: string, access: RepositoryAccess): Promise<Answered> {
  const names = ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_FEDERATED_TOKEN_FILE'] as const;
  const absent = names.filter((name) => !environment[name]);
  const [clientId = '', tenantId = '', file = ''] = names.map((name) => environment[name]);
  if (absent.length > 0) throw missing(absent);
  const assertion = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PlumblineError('GIT_AUTHENTICATION', 'the file that AZURE_FEDERATED_TOKEN_FILE names can’t be read', {
      cause,
    });
  });
  const authority = trimmed(environment['AZURE_AUTHORITY_HOST'] || publicAuthority);
  const question: TokenQuestion = {
    url: `${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
    form: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion.trim(),
      scope,
    },
    who: `Azure workload identity ${clientId}`,
    hint: 'check the federated credential of the identity: issuer, subject (the service account of the repo-server), audience',
  };
  return { answer: await askToken(question, access), question };
}

interface Answered {
  answer: Record<string, unknown>;
  question: TokenQuestion;
}

/** A token of this process' own identity for Git repositories of Azure DevOps. */
export async function workloadGitToken(
  environment: Environment,
  access: RepositoryAccess,
  now: number,
): Promise<Token> {
  const { answer, question } = await workloadToken(environment, devOpsScope, access);
  return { text: textOf(answer, 'access_token', question), expiresAt: endOf(answer, now) };
}

/** Longer than Azure keeps one would be of no use: three hours. */
const registryTokenMs = 3 * 3_600_000;

/** What a registry of Azure gives for the identity: the password of a user that has no name. */
export async function workloadRegistryToken(
  environment: Environment,
  { access, host }: { access: RepositoryAccess; host: string },
  now: number,
): Promise<Token> {
  const { answer, question } = await workloadToken(environment, managementScope, access);
  const scheme = access.insecureOciForceHttp ? 'http' : 'https';
  const exchange: TokenQuestion = {
    url: `${scheme}://${host}/oauth2/exchange`,
    form: {
      grant_type: 'access_token',
      service: host,
      access_token: textOf(answer, 'access_token', question),
      tenant: environment['AZURE_TENANT_ID'] ?? '',
    },
    who: `${question.who} at registry ${host}`,
    hint: 'the identity needs the role AcrPull on the registry',
  };
  return {
    text: textOf(await askToken(exchange, access), 'refresh_token', exchange),
    expiresAt: now + registryTokenMs,
  };
}

/** The user that registries of Azure know tokens by. */
export const azureRegistryUser = '00000000-0000-0000-0000-000000000000';
