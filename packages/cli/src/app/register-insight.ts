import type { Command } from 'commander';
import { whole } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

/** `plumb app logs` and `plumb app explain`. */
export function registerInsight(app: Command, terminal: Terminal): void {
  app
    .command('logs')
    .description('show what the pods of an application write')
    .argument('<name>')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--tail <lines>', 'only the last lines', whole)
    .option('-s, --since-seconds <seconds>', 'only what is younger', whole)
    .option('-u, --until-time <time>', 'only what is older, RFC 3339')
    .option('--filter <text>', 'only lines with this text; with ! before it only those without')
    .option('-m, --match-case', 'the filter minds upper and lower case')
    .option('-p, --previous', 'of the container before the last restart')
    .option('-c, --container <name>', 'of this container')
    .option('--group <group>', 'of a workload of this group')
    .option('--kind <kind>', 'of a workload of this kind')
    .option('--name <name>', 'of the workload with this name')
    .option('--namespace <name>', 'of this namespace')
    .option('--prefix', 'begin each line with its pod')
    .addHelpText('after', '\nExample:\n  plumb app logs web --kind Deployment --name web --tail 20 --follow')
    .action(async (name: string, _options, command: Command) => {
      const { showLogs } = await import('./logs.ts');
      // The workload's name is an option of this command; nothing above has one.
      await showLogs(terminal, name, command.optsWithGlobals());
    });
  app
    .command('explain')
    .description('say on one page why an application is OutOfSync or not healthy')
    .argument('<name>')
    .option('--refresh', 'compare again first')
    .option('--hard-refresh', 'compare again first, without the manifest cache')
    .action(async (name: string, _options, command: Command) => {
      const { explainApp } = await import('./explain.ts');
      await explainApp(terminal, name, command.optsWithGlobals());
    });
}
