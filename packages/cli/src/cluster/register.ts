import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';
import { clusterFlags, describing } from './cluster-flags.ts';

const output = () =>
  new Option('-o, --output <format>', 'output format')
    .choices(['wide', 'name', 'server', 'json', 'yaml'])
    .default('wide');

function registerAdd(cluster: Command, terminal: Terminal): void {
  clusterFlags(cluster.command('add').description('declare the cluster of a context').argument('[context]'))
    .option('--context-credentials', 'declare the credentials of the context itself, and make no service account')
    .option('--upsert', 'replace what is declared already')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      `
It creates the service account argocd-manager there, with the rights of an administrator (with --namespace: only in those
namespaces), and gives the server its token.

Examples:
  plumb cluster add staging
  plumb cluster add staging --service-account deployer --system-namespace ops`,
    )
    .action(async (context: string | undefined, _options, command: Command) => {
      const { addCluster } = await import('./add-cluster.ts');
      await addCluster(terminal, context, command.optsWithGlobals());
    });
}

function registerWrites(cluster: Command, terminal: Terminal): void {
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
  registerAdd(cluster, terminal);
  registerWrites(cluster, terminal);
}
