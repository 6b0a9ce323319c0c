import type { Command } from 'commander';
import { integer, onOff, whole } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';
import { kubeFlags } from '../kube-flags.ts';

function registerNamespaces(cluster: Command, terminal: Terminal): void {
  const namespaces = kubeFlags(
    cluster.command('namespaces').description('list which namespaces of each cluster are used'),
  ).action(async (_options, command: Command) => {
    const { clusterNamespaces } = await import('./admin-clusters.ts');
    await clusterNamespaces(terminal, command.optsWithGlobals());
  });
  for (const enable of [true, false]) {
    const change = namespaces
      .command(`${enable ? 'enable' : 'disable'}-namespaced-mode`)
      .description(enable ? 'manage only the namespaces that are used' : 'manage all namespaces')
      .argument('<pattern>', 'glob of names or URLs of clusters')
      .option('--dry-run [on]', 'only say what would be done', onOff, true);
    if (enable) {
      change
        .option('--cluster-resources', 'manage cluster-scoped objects all the same')
        .option('--max-namespace-count <count>', 'leave clusters alone that use more', whole);
    }
    change.action(async (pattern: string, _options, command: Command) => {
      const { changeNamespacedMode } = await import('./admin-clusters.ts');
      await changeNamespacedMode(terminal, { pattern, enable }, command.optsWithGlobals());
    });
  }
}

const shardFlags = (command: Command): Command =>
  kubeFlags(command)
    .option('--shard <number>', 'of this shard only', integer)
    .option('--replicas <count>', 'controllers that there are', whole);

/** `plumb admin cluster`, but for its generate-spec. */
export function registerAdminClusters(cluster: Command, terminal: Terminal): void {
  kubeFlags(cluster.command('kubeconfig').description('print a kubeconfig for a cluster that is declared'))
    .argument('<server-or-name>')
    .argument('[file]', 'where to write it; default: standard output')
    .action(async (id: string, out: string | undefined, _options, command: Command) => {
      const { clusterKubeconfig } = await import('./admin-clusters.ts');
      await clusterKubeconfig(terminal, { id, out }, command.optsWithGlobals());
    });
  shardFlags(cluster.command('stats').description('count what goes to each cluster').argument('[cluster]')).action(
    async (pattern: string | undefined, _options, command: Command) => {
      const { clusterStats } = await import('./cluster-stats.ts');
      await clusterStats(terminal, pattern, command.optsWithGlobals());
    },
  );
  shardFlags(cluster.command('shards').description('count what each controller cares for')).action(
    async (_options, command: Command) => {
      const { clusterShards } = await import('./cluster-stats.ts');
      await clusterShards(terminal, command.optsWithGlobals());
    },
  );
  registerNamespaces(cluster, terminal);
}
