import { connect } from '@plumbline/cluster';
import { silentLogger } from '@plumbline/telemetry';
import { atEnd } from '../../at-end.ts';
import { contextOfFile, kubeconfigPath } from '../../cluster/kubeconfig.ts';
import { accountToken, managerName } from '../../cluster/manager-account.ts';
import { type ClusterFlags, wantedCluster } from '../../cluster/wanted-cluster.ts';
import type { Terminal } from '../../terminal.ts';
import { secretSpec } from './secret-spec.ts';
import { type SpecOutput, writeSpec } from './write-spec.ts';

interface ClusterSpecOptions extends ClusterFlags, SpecOutput {
  bearerToken?: string;
  generateBearerToken?: boolean;
}

async function tokenOf(context: string, path: string, options: ClusterSpecOptions): Promise<string | undefined> {
  if (!options.generateBearerToken) return options.bearerToken;
  const client = await connect({ kind: 'kubeconfig', path, context }, { logger: silentLogger });
  atEnd(() => client.close());
  return accountToken(client, { namespace: options.systemNamespace, name: options.serviceAccount ?? managerName });
}

/** `plumb admin cluster generate-spec`: the Secret that declares the cluster of a context. */
export async function generateCluster(terminal: Terminal, context: string, options: ClusterSpecOptions): Promise<void> {
  const path = kubeconfigPath(options.kubeconfig);
  const found = await contextOfFile(path, context);
  const wanted = wantedCluster(context, found, { flags: options, bearerToken: await tokenOf(context, path, options) });
  const { server, name, config, namespaces, clusterResources, shard, project, labels, annotations } = wanted;
  const data = {
    server,
    name,
    config: JSON.stringify(config ?? {}),
    namespaces: namespaces?.join(','),
    clusterResources,
    shard: shard ?? undefined,
    project,
  };
  const address = server ?? '';
  await writeSpec(
    terminal,
    secretSpec({ type: 'cluster', prefix: 'cluster', address, data, labels, annotations }),
    options,
  );
}
