import type { BodyInput, ClusterConfig } from '@plumbline/protocol';
import { pairMap } from '../app/definition/pairs.ts';
import type { KubeContext } from './kubeconfig.ts';

/** What {@link import('./cluster-flags.ts').clusterFlags} read. */
export interface ClusterFlags {
  kubeconfig?: string;
  name?: string;
  namespace?: string[];
  clusterResources?: boolean;
  project?: string;
  shard?: number;
  label?: string[];
  annotation?: string[];
  inCluster?: boolean;
  clusterEndpoint?: 'kubeconfig' | 'kube-public' | 'internal';
  serviceAccount?: string;
  systemNamespace: string;
  awsClusterName?: string;
  awsRoleArn?: string;
  awsProfile?: string;
  execCommand?: string;
  execCommandArgs?: string[];
  execCommandEnv?: string[];
  execCommandApiVersion?: string;
  execCommandInstallHint?: string;
  proxyUrl?: string;
  serverProxyUrl?: string;
  disableCompression?: boolean;
}

const inClusterServer = 'https://kubernetes.default.svc';

/** Whether the flags say how to log in, so that no service account is needed. */
export function hasOwnLogin({ awsClusterName, execCommand }: ClusterFlags): boolean {
  return awsClusterName !== undefined || execCommand !== undefined;
}

function loginOf(flags: ClusterFlags): ClusterConfig {
  if (flags.awsClusterName) {
    const { awsClusterName: clusterName, awsRoleArn: roleARN, awsProfile: profile } = flags;
    return { awsAuthConfig: { clusterName, ...(roleARN ? { roleARN } : {}), ...(profile ? { profile } : {}) } };
  }
  if (!flags.execCommand) return {};
  const { execCommandApiVersion: apiVersion, execCommandInstallHint: installHint } = flags;
  return {
    execProviderConfig: {
      command: flags.execCommand,
      args: flags.execCommandArgs ?? [],
      env: pairMap(flags.execCommandEnv ?? []),
      ...(apiVersion ? { apiVersion } : {}),
      ...(installHint ? { installHint } : {}),
    },
  };
}

/** The connection: the TLS settings of the context, and who logs in. */
function configOf({ config }: KubeContext, flags: ClusterFlags, login: ClusterConfig): ClusterConfig {
  const proxyUrl = flags.serverProxyUrl ?? flags.proxyUrl ?? config.proxyUrl;
  const { insecure = false, serverName, caData } = config.tlsClientConfig ?? {};
  // A token or a command logs in: the certificate of the user who adds the cluster is his own.
  const own = Object.keys(login).length > 0;
  return {
    ...(own ? login : config),
    tlsClientConfig: own
      ? { insecure, ...(serverName ? { serverName } : {}), ...(caData ? { caData } : {}) }
      : config.tlsClientConfig,
    ...(proxyUrl ? { proxyUrl } : {}),
    ...(flags.disableCompression ? { disableCompression: true } : {}),
  };
}

/** The cluster as it is declared; with a token of a service account, or with the login that the flags tell. */
export function wantedCluster(
  context: string,
  found: KubeContext,
  { flags, bearerToken }: { flags: ClusterFlags; bearerToken: string | undefined },
): BodyInput<'createCluster'> {
  const login = hasOwnLogin(flags) ? loginOf(flags) : bearerToken ? { bearerToken } : {};
  const inside = flags.inCluster || flags.clusterEndpoint === 'internal';
  return {
    server: inside ? inClusterServer : found.server,
    name: flags.name ?? context,
    config: configOf(found, flags, login),
    namespaces: flags.namespace,
    clusterResources: flags.clusterResources,
    project: flags.project,
    shard: flags.shard !== undefined && flags.shard >= 0 ? flags.shard : undefined,
    labels: flags.label && pairMap(flags.label),
    annotations: flags.annotation && pairMap(flags.annotation),
  };
}
