import type { Command } from 'commander';
import { collectList } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';
import { kubeFlags } from '../kube-flags.ts';

const scopeFlags = (command: Command): Command =>
  kubeFlags(command)
    .option(
      '--application-namespaces <globs>',
      'more namespaces of applications; default: application.namespaces',
      collectList,
    )
    .option('--applicationset-namespaces <globs>', 'more namespaces of ApplicationSets', collectList);

/** `plumb admin export` and `import`. */
export function registerBackup(admin: Command, terminal: Terminal): void {
  scopeFlags(admin.command('export').description('print everything that was declared, as YAML; it holds secrets'))
    .option('-o, --out <file>', 'where to write it', '-')
    .action(async (_options, command: Command) => {
      const { exportAll } = await import('./export.ts');
      await exportAll(terminal, command.optsWithGlobals());
    });
  scopeFlags(
    admin
      .command('import')
      .description('declare what a backup holds')
      .argument('<source>', 'file; - is standard input'),
  )
    .option('--dry-run', 'only say what would be done')
    .option('--prune', 'delete what is not in the backup; what applications have deployed stays')
    .option('--stop-operation', 'end operations that are under way')
    .option('--skip-resources-with-label <name=value>', 'leave objects with this label alone')
    .option('--ignore-tracking', 'without effect: tracking is not touched')
    .option('--override-on-conflict', 'without effect: the backup wins')
    .option('--verbose', 'tell also what stays as it is')
    .addHelpText('after', '\nExample:\n  plumb admin export > backup.yaml\n  plumb admin import - < backup.yaml')
    .action(async (source: string, _options, command: Command) => {
      const { importAll } = await import('./import.ts');
      await importAll(terminal, source, command.optsWithGlobals());
    });
}
