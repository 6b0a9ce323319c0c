import type { Command } from 'commander';
import { port } from '../arguments.ts';

/** Options of `plumb up` and `plumb demo`. */
function withUpOptions(command: Command, defaultPort = '8080'): Command {
  return command
    .option('--kubeconfig <file>', 'cluster to run on; default: an embedded control plane in the data folder')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--namespace <name>', 'control-plane namespace', 'argocd')
    .option('--data-dir <folder>', 'where the embedded control plane, mirrors and caches are kept')
    .option('--port <number>', `port of the REST API; default: ${defaultPort}`, port)
    .option('--redis <url>', 'Redis to use; default: one of its own')
    .option('--ready-file <file>', 'written as JSON when all is ready');
}

/** `plumb up` and `plumb demo`: they run every service, so their code is loaded only when asked for. */
export function registerUp(program: Command): void {
  withUpOptions(program.command('up').description('run Plumbline: every service in one command')).action(
    async (options) => {
      const { up } = await import('@plumbline/standalone');
      await up(options);
    },
  );
  withUpOptions(
    program.command('demo').description('run Plumbline with an example and watch it work'),
    '8080, with --once a free one',
  )
    .option('--once', 'exit when every application is Synced and Healthy')
    .action(async (options) => {
      const { demo } = await import('@plumbline/standalone');
      await demo(options);
    });
}
