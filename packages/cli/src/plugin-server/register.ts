import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';

/** `plumb plugin-server`: serves a config management plugin to a repo-server. */
export function registerPluginServer(program: Command): void {
  program
    .command('plugin-server')
    .description('run a config management plugin beside a repo-server')
    .option('--config <file>', 'the ConfigManagementPlugin', '/home/argocd/cmp-server/config/plugin.yaml')
    .option('--socket-dir <folder>', 'where its socket is made', '/home/argocd/cmp-server/plugins')
    .action(async (_options: unknown, command: Command) => {
      // A sidecar for each plugin, which waits for its commands: it loads nothing of the other services, and its memory
      // counts for more than its speed.
      for (const flag of ['--optimize-for-size', '--no-opt']) setFlagsFromString(flag);
      const { pluginServer } = await import('@plumbline/standalone/plugin-server');
      // With globals: --config has another meaning for commands that log in, and is theirs to parse.
      await pluginServer(command.optsWithGlobals<{ config: string; socketDir: string }>());
    });
}
