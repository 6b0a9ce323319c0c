import { Command } from 'commander';
import { globalFlags } from './global-flags.ts';
import { registerPluginServer } from './plugin-server/register.ts';
import type { Terminal } from './terminal.ts';

/** `plumb` with the flags that all commands take, and no command. */
function bareProgram(terminal: Terminal): Command {
  const program = new Command('plumb')
    .description('Plumbline: keeps clusters equal to what Git says')
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(add --help for usage)')
    .exitOverride();
  globalFlags(program);
  return program;
}

const firstSession = `
A first session:
  plumb up                                     # runs everything here, and says how to log in
  plumb login localhost:8080 --username admin
  plumb app list
  plumb app diff guestbook-dev
  plumb app sync guestbook-dev

\`plumb app --help\` and \`plumb app sync --help\` tell the rest.`;

/**
 * The `plumb` command line for some arguments. What a command does is loaded when it runs, so that starting is quick. The
 * plugin server is a sidecar for each plugin and waits in little memory: it is not even told of the other commands.
 */
export async function createProgram(terminal: Terminal, args: readonly string[] = []): Promise<Command> {
  const program = bareProgram(terminal);
  if (args[0] === 'plugin-server') {
    registerPluginServer(program);
    return program;
  }
  const { registerAll } = await import('./register-all.ts');
  registerAll(program.addHelpText('after', firstSession), terminal);
  return program;
}
