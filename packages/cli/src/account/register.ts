import { type Command, Option } from 'commander';
import { onOff } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

const callback = (): Option => new Option('--callback <address>', 'without effect').hideHelp();

/** As Argo CD's command line has it: `--sso-launch-browser=false`. */
const launchBrowser = (): Option =>
  new Option('--sso-launch-browser [on]', 'open the browser').argParser(onOff).hideHelp();

function registerLogin(program: Command, terminal: Terminal): void {
  program
    .command('login')
    .description('log in to a server and remember it')
    .argument('[server]', 'host:port or URL; not needed with --core and --port-forward')
    .option('--username <name>', 'user; asked for where it is missing')
    .option('--password <text>', 'password; asked for where it is missing')
    .option('--name <context>', 'name of the context; default: the host')
    .option('--sso', 'log in with the browser, at the identity provider of the server')
    .option('--sso-port <port>', 'local port that the browser comes back to', '8085')
    .option('--no-sso-launch-browser', 'only print the address')
    .addOption(launchBrowser())
    .option('--skip-test-tls', 'do not find out first whether the server speaks TLS')
    .addOption(callback())
    .addHelpText(
      'after',
      `
TLS is tried first; on the own machine plain HTTP is taken where the server speaks that, elsewhere with --plaintext only.
Where standard input is no terminal, its lines are the answers.

Examples:
  plumb login localhost:8080
  plumb login argocd.example.com --username ci --password "$PASSWORD"
  plumb login argocd.example.com --sso
  plumb login --core                           # no server: commands work on the cluster of the kubeconfig`,
    )
    .action(async (server: string | undefined, _options, command: Command) => {
      const { login } = await import('./login.ts');
      await login(terminal, server, command.optsWithGlobals());
    });
}

function registerRelogin(program: Command, terminal: Terminal): void {
  program
    .command('relogin')
    .description('log in again to the server of the current context')
    .option('--username <name>', 'default: the same user')
    .option('--password <text>', 'password; asked for where it is missing')
    .option('--sso', 'log in with the browser, at the identity provider of the server')
    .option('--sso-port <port>', 'local port that the browser comes back to', '8085')
    .option('--no-sso-launch-browser', 'only print the address')
    .addOption(launchBrowser())
    .addOption(callback())
    .action(async (_options, command: Command) => {
      const { relogin } = await import('./relogin.ts');
      await relogin(terminal, command.optsWithGlobals());
    });
}

function registerLogout(program: Command, terminal: Terminal): void {
  program
    .command('logout')
    .description('forget the token of a context')
    .argument('[context]', 'default: the current one')
    .action(async (name: string | undefined, _options, command: Command) => {
      const { logout } = await import('./login.ts');
      await logout(terminal, name, command.optsWithGlobals());
    });
}

function registerContexts(program: Command, terminal: Terminal): void {
  program
    .command('context')
    .description('list contexts, or switch to one')
    .argument('[context]', '- is the former one')
    .option('--delete', 'delete the context')
    .action(async (name: string | undefined, _options, command: Command) => {
      const { context } = await import('./context.ts');
      await context(terminal, name, command.optsWithGlobals());
    });
  program
    .command('configure')
    .description('keep a choice in the configuration file')
    .addHelpText(
      'after',
      '\nExample:\n  plumb configure --prompts-enabled=false    # never ask before something is deleted',
    )
    .action(async (_options, command: Command) => {
      const { configure } = await import('./context.ts');
      await configure(terminal, command.optsWithGlobals());
    });
  program
    .command('version')
    .description('print the versions of client and server')
    .option('--client', 'of the client only')
    .option('--short', 'one line each')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['wide', 'json', 'yaml']).default('wide'))
    .action(async (_options, command: Command) => {
      const { version } = await import('./version.ts');
      await version(terminal, command.optsWithGlobals());
    });
}

/** `plumb login`, `logout`, `context`, `version`. */
export function registerAccount(program: Command, terminal: Terminal): void {
  registerLogin(program, terminal);
  registerRelogin(program, terminal);
  registerLogout(program, terminal);
  registerContexts(program, terminal);
}
