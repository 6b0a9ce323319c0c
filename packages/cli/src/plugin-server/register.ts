import type { Command } from 'commander';

/** `plumb plugin-server`: serves a config management plugin to a repo-server. */
export function registerPluginServer(program: Command): void {
  program
    .command('plugin-server')
    .description('run a config management plugin beside a repo-server')
    .option('--config <file>', 'the ConfigManagementPlugin', '/home/argocd/cmp-server/config/plugin.yaml')
    .option('--socket-dir <folder>', 'where its socket is made', '/home/argocd/cmp-server/plugins')
    .action(async (_options: unknown, command: Command) => {
      const { pluginServer } = await import('@plumbline/standalone');
      // With globals: --config has another meaning for commands that log in, and is theirs to parse.
      await pluginServer(command.optsWithGlobals<{ config: string; socketDir: string }>());
    });
}
