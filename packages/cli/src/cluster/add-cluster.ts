import { connect as connectKube } from '@plumbline/cluster';
import { silentLogger } from '@plumbline/telemetry';
import { atEnd } from '../at-end.ts';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { confirm } from '../confirm.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';
import { contextNames, contextOfFile, type KubeContext, kubeconfigPath } from './kubeconfig.ts';
import { accountToken, installManager, managerName } from './manager-account.ts';
import { publicEndpoint } from './public-endpoint.ts';
import { type ClusterFlags, hasOwnLogin, wantedCluster } from './wanted-cluster.ts';

interface ClusterAddOptions extends GlobalOptions, ClusterFlags {
  upsert?: boolean;
  yes?: boolean;
  /** Declare the credentials of the context in place of a service account's. */
  contextCredentials?: boolean;
}

/** The token of the account that is to manage the cluster; undefined where no account is needed. */
async function managerToken(
  terminal: Terminal,
  context: string,
  { options, path }: { options: ClusterAddOptions; path: string },
): Promise<string | undefined> {
  if (hasOwnLogin(options) || options.contextCredentials) return undefined;
  const { systemNamespace, serviceAccount, namespace: namespaces = [] } = options;
  const client = await connectKube({ kind: 'kubeconfig', path, context }, { logger: silentLogger });
  atEnd(() => client.close());
  if (serviceAccount) return accountToken(client, { namespace: systemNamespace, name: serviceAccount });
  const rights = namespaces.length > 0 ? `full rights in ${namespaces.join(', ')}` : 'full rights on the cluster';
  const question = `This creates the service account ${managerName} with ${rights} of context ${context}. Go on?`;
  if (!(await confirm(terminal, question, options))) throw new Fatal('no cluster is added', { exitCode: 1 });
  await installManager(client, { systemNamespace, namespaces });
  terminal.err(`service account ${systemNamespace}/${managerName} has ${rights}\n`);
  return accountToken(client, { namespace: systemNamespace, name: managerName });
}

/** The context, at the address that the flags want. */
async function endpointOf(found: KubeContext, context: string, options: ClusterAddOptions): Promise<KubeContext> {
  if (options.clusterEndpoint !== 'kube-public') return found;
  return publicEndpoint(found, { path: kubeconfigPath(options.kubeconfig), context });
}

/** `plumb cluster add`: makes a service account on the cluster of a context, and gives the server its token. */
export async function addCluster(
  terminal: Terminal,
  context: string | undefined,
  options: ClusterAddOptions,
): Promise<void> {
  const path = kubeconfigPath(options.kubeconfig);
  if (!context) {
    throw new Fatal('no context is named', {
      next: `${path} has: ${(await contextNames(path)).join(', ')}`,
      exitCode: 1,
    });
  }
  const api = await connect(options);
  const found = await endpointOf(await contextOfFile(path, context), context, options);
  const bearerToken = await managerToken(terminal, context, { options, path });
  const body = wantedCluster(context, found, { flags: options, bearerToken });
  const added = await api.call('createCluster', { body, query: { upsert: options.upsert } });
  terminal.out(`Cluster '${added.server}' added\n`);
}
