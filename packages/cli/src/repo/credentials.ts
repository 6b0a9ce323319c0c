import { type Command, Option } from 'commander';
import { whole } from '../arguments.ts';
import { fileOf } from '../read-file.ts';

/** Options that say how to log in to a repository. */
export interface CredentialOptions {
  type: RepositoryType;
  username?: string;
  password?: string;
  bearerToken?: string;
  sshPrivateKeyPath?: string;
  tlsClientCertPath?: string;
  tlsClientCertKeyPath?: string;
  githubAppId?: number;
  githubAppInstallationId?: number;
  githubAppPrivateKeyPath?: string;
  githubAppEnterpriseBaseUrl?: string;
  gcpServiceAccountKeyPath?: string;
  enableOci?: boolean;
  insecureOciForceHttp?: boolean;
  forceHttpBasicAuth?: boolean;
  useAzureWorkloadIdentity?: boolean;
  azureServicePrincipalClientId?: string;
  azureServicePrincipalClientSecret?: string;
  azureServicePrincipalTenantId?: string;
  azureActiveDirectoryEndpoint?: string;
  proxy?: string;
  proxyUrl?: string;
  noProxy?: string;
}

const types = ['git', 'helm', 'oci'] as const;
type RepositoryType = (typeof types)[number];

/** Commander takes `--no-…` for the negation of another option; this one is not. */
function withoutProxy(): Option {
  const option = new Option('--no-proxy <hosts>', 'hosts that are reached without it');
  option.negate = false;
  return option;
}

/** Adds the options to a command. */
export function credentialFlags(command: Command): Command {
  return command
    .addOption(new Option('--type <type>', 'kind of repository').choices(types).default('git'))
    .option('--username <name>', 'user name')
    .option('--password <text>', 'password or token; PLUMB_REPO_PASSWORD keeps it out of the history of the shell')
    .option('--bearer-token <text>', 'bearer token')
    .option('--ssh-private-key-path <file>', 'private key for ssh')
    .option('--tls-client-cert-path <file>', 'certificate to show to the server')
    .option('--tls-client-cert-key-path <file>', 'its key')
    .option('--github-app-id <number>', 'of a GitHub App', whole)
    .option('--github-app-installation-id <number>', 'of the installation of a GitHub App', whole)
    .option('--github-app-private-key-path <file>', 'of a GitHub App')
    .option('--github-app-enterprise-base-url <url>', 'of GitHub Enterprise, as https://ghe.example.com/api/v3')
    .option('--gcp-service-account-key-path <file>', 'of Google Cloud')
    .option('--enable-oci', 'a Helm repository in an OCI registry')
    .option('--insecure-oci-force-http', 'speak to the registry without encryption')
    .option('--force-http-basic-auth', 'show user and password at once')
    .option('--use-azure-workload-identity', 'log in as the workload on Azure')
    .option('--azure-service-principal-client-id <id>', 'of a service principal of Azure')
    .option('--azure-service-principal-client-secret <text>', 'its secret')
    .option('--azure-service-principal-tenant-id <id>', 'its tenant')
    .option('--azure-active-directory-endpoint <url>', 'where it logs in; default: the public cloud')
    .option('--proxy <url>', 'proxy to go through')
    .addOption(new Option('--proxy-url <url>', 'the same').hideHelp())
    .addOption(withoutProxy());
}

/** Adds the options of one repository, those of its credentials included. */
export const repositoryFlags = (command: Command): Command =>
  credentialFlags(command)
    .option('--name <name>', 'name of the repository; a Helm repository needs one')
    .option('--project <name>', 'only for applications of this project')
    .option('--insecure-skip-server-verification', 'do not check the certificate or host key of the repository')
    .option('--insecure-ignore-host-key', 'do not check the ssh host key (older name)')
    .option('--enable-lfs', 'read files of Git LFS')
    .option('--depth <commits>', 'bring only so much history', whole)
    .option('--webhook-manifest-cache-warm-disabled', 'webhooks do not make manifests known under a new commit');

/** The members of a request's body that the options stand for. */
export async function credentialsOf(options: CredentialOptions) {
  const members = {
    username: options.username,
    password: options.password ?? process.env['PLUMB_REPO_PASSWORD'],
    bearerToken: options.bearerToken,
    sshPrivateKey: await fileOf(options.sshPrivateKeyPath, 'private key'),
    tlsClientCertData: await fileOf(options.tlsClientCertPath, 'certificate'),
    tlsClientCertKey: await fileOf(options.tlsClientCertKeyPath, 'key'),
    githubAppID: options.githubAppId,
    githubAppInstallationID: options.githubAppInstallationId,
    githubAppPrivateKey: await fileOf(options.githubAppPrivateKeyPath, 'private key'),
    githubAppEnterpriseBaseUrl: options.githubAppEnterpriseBaseUrl,
    gcpServiceAccountKey: await fileOf(options.gcpServiceAccountKeyPath, 'key'),
    enableOCI: options.enableOci,
    insecureOCIForceHttp: options.insecureOciForceHttp,
    forceHttpBasicAuth: options.forceHttpBasicAuth,
    useAzureWorkloadIdentity: options.useAzureWorkloadIdentity,
    azureServicePrincipalClientId: options.azureServicePrincipalClientId,
    azureServicePrincipalClientSecret: options.azureServicePrincipalClientSecret,
    azureServicePrincipalTenantId: options.azureServicePrincipalTenantId,
    azureActiveDirectoryEndpoint: options.azureActiveDirectoryEndpoint,
    proxy: options.proxy ?? options.proxyUrl,
    noProxy: options.noProxy,
  };
  return { type: options.type, ...members };
}
