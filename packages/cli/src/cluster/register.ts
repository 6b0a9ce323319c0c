import { type Command, Option } from 'commander';
import { collect, whole } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

const output = () =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide');

const describing = (command: Command): Command =>
  command
    .option('--name <name>', 'name of the cluster')
    .option('--namespace <name>', 'manage only this namespace; may be repeated', collect)
    .option('--label <key=value>', 'label; may be repeated', collect)
    .option('--annotation <key=value>', 'annotation; may be repeated', collect);

function registerWrites(cluster: Command, terminal: Terminal): void {
  describing(cluster.command('add').description('declare the cluster of a context').argument('<context>'))
    .option('--kubeconfig <file>', 'default: KUBECONFIG, or ~/.kube/config')
    .option('--cluster-resources', 'manage cluster-scoped objects although namespaces are named')
    .option('--project <name>', 'only for applications of this project')
    .option('--shard <number>', 'shard that cares for it', whole)
    .option('--in-cluster', 'the cluster that the server itself runs on')
    .option('--upsert', 'replace what is declared already')
    .option('-y, --yes', 'do not ask')
    .action(async (context: string, _options, command: Command) => {
      const { addCluster } = await import('./clusters.ts');
      await addCluster(terminal, context, command.optsWithGlobals());
    });
  describing(cluster.command('set').description('change a cluster').argument('<server-or-name>')).action(
    async (id: string, _options, command: Command) => {
      const { setCluster } = await import('./clusters.ts');
      await setCluster(terminal, id, command.optsWithGlobals());
    },
  );
  cluster
    .command('rm')
    .description('forget clusters; what is deployed there stays')
    .argument('<servers-or-names...>')
    .option('-y, --yes', 'do not ask')
    .action(async (ids: string[], _options, command: Command) => {
      const { removeClusters } = await import('./clusters.ts');
      await removeClusters(terminal, ids, command.optsWithGlobals());
    });
  cluster
    .command('rotate-auth')
    .description('replace the token of a cluster’s service account')
    .argument('<server-or-name>')
    .action(async (id: string, _options, command: Command) => {
      const { rotateAuth } = await import('./clusters.ts');
      await rotateAuth(terminal, id, command.optsWithGlobals());
    });
}

/** `plumb cluster …`. */
export function registerClusters(program: Command, terminal: Terminal): void {
  const cluster = program.command('cluster').description('clusters that applications go to');
  cluster
    .command('list')
    .description('list clusters and whether they answer')
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { listClusters } = await import('./clusters.ts');
      await listClusters(terminal, command.optsWithGlobals());
    });
  cluster
    .command('get')
    .description('show a cluster')
    .argument('<server-or-name>')
    .addOption(output())
    .action(async (id: string, _options, command: Command) => {
      const { getCluster } = await import('./clusters.ts');
      await getCluster(terminal, id, command.optsWithGlobals());
    });
  registerWrites(cluster, terminal);
}
