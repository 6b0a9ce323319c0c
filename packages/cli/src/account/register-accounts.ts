import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';

const output = () =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide');

function registerReads(account: Command, terminal: Terminal): void {
  account
    .command('can-i')
    .description('say whether you may do something; exit code 0 is yes, 1 is no')
    .argument('<action>', 'for example sync')
    .argument('<resource>', 'for example applications')
    .argument('[object]', 'for example myproject/myapp', '*')
    .addHelpText('after', '\nExample:\n  plumb account can-i sync applications myproject/myapp')
    .action(async (action: string, resource: string, object: string, _options, command: Command) => {
      const { canI } = await import('./accounts.ts');
      await canI(terminal, { action, resource, object }, command.optsWithGlobals());
    });
  account
    .command('list')
    .description('list the accounts that you may see')
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { listAccounts } = await import('./accounts.ts');
      await listAccounts(terminal, command.optsWithGlobals());
    });
  account
    .command('get')
    .description('show an account and its API keys')
    .option('-a, --account <name>', 'default: your own')
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { showAccount } = await import('./show-account.ts');
      await showAccount(terminal, command.optsWithGlobals());
    });
  account
    .command('get-user-info')
    .description('say who you are')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'wide', 'json', 'yaml']))
    .action(async (_options, command: Command) => {
      const { userInfo } = await import('./accounts.ts');
      await userInfo(terminal, command.optsWithGlobals());
    });
}

function registerPasswords(account: Command, terminal: Terminal): void {
  account
    .command('bcrypt')
    .description('print the hash of a password, as argocd-secret holds it')
    .option('--password <text>', 'asked for where it is missing')
    .action(async (_options, command: Command) => {
      const { bcryptHash } = await import('./bcrypt.ts');
      await bcryptHash(terminal, command.opts());
    });
  account
    .command('update-password')
    .description('change a password')
    .option('--account <name>', 'default: your own')
    .option('--current-password <text>', 'your own password; asked for where it is missing')
    .option('--new-password <text>', 'asked for where it is missing')
    .action(async (_options, command: Command) => {
      const { updatePassword } = await import('./update-password.ts');
      await updatePassword(terminal, command.optsWithGlobals());
    });
}

function registerTokens(account: Command, terminal: Terminal): void {
  account
    .command('session-token')
    .description('print the token of the current context, for scripts')
    .addOption(new Option('-o, --output <format>', 'with what it says of itself').choices(['json', 'yaml']))
    .addHelpText('after', '\nExample:\n  export PLUMB_AUTH_TOKEN=$(plumb account session-token)')
    .action(async (_options, command: Command) => {
      const { sessionToken } = await import('./session-token.ts');
      await sessionToken(terminal, command.optsWithGlobals());
    });
  account
    .command('generate-token')
    .description('make an API key, and print it')
    .option('-a, --account <name>', 'default: your own')
    .option('-e, --expires-in <duration>', 'for example 90d or 12h; default: never', '0s')
    .option('--id <id>', 'name of the key; default: a random one')
    .action(async (_options, command: Command) => {
      const { generateToken } = await import('./accounts.ts');
      await generateToken(terminal, command.optsWithGlobals());
    });
  account
    .command('delete-token')
    .description('take an API key back')
    .argument('<id>')
    .option('-a, --account <name>', 'default: your own')
    .action(async (id: string, _options, command: Command) => {
      const { deleteToken } = await import('./accounts.ts');
      await deleteToken(terminal, id, command.optsWithGlobals());
    });
}

/** `plumb account`: local accounts, their API keys, and what one may do. */
export function registerAccounts(program: Command, terminal: Terminal): void {
  const account = program.command('account').description('local accounts, and what you may do');
  registerReads(account, terminal);
  registerPasswords(account, terminal);
  registerTokens(account, terminal);
}
