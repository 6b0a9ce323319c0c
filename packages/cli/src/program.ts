import { Command } from 'commander';
import { registerAccount } from './account/register.ts';
import { registerAccounts } from './account/register-accounts.ts';
import { registerAdmin } from './admin/register.ts';
import { registerApp } from './app/register.ts';
import { registerClusters } from './cluster/register.ts';
import { registerPluginServer } from './plugin-server/register.ts';
import { registerProjects } from './project/register.ts';
import { registerRepositories } from './repo/register.ts';
import type { Terminal } from './terminal.ts';
import { registerTrust } from './trust/register.ts';
import { registerUp } from './up/register.ts';

/** The `plumb` command line. What a command does is loaded when it runs, so that starting is quick. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('plumb')
    .description('Plumbline: keeps clusters equal to what Git says')
    .option('--server <address>', 'API server (PLUMB_SERVER)')
    .option('--auth-token <token>', 'token (PLUMB_AUTH_TOKEN)')
    .option('--config <file>', 'configuration file with the log-ins')
    .option('--plumb-context <name>', 'context to use in place of the current one')
    .option('--insecure', 'do not check the certificate of the server')
    .option('--plaintext', 'speak plain HTTP')
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(add --help for usage)')
    .exitOverride();
  registerUp(program);
  registerPluginServer(program);
  registerApp(program, terminal);
  registerProjects(program, terminal);
  registerAccount(program, terminal);
  registerAccounts(program, terminal);
  registerRepositories(program, terminal);
  registerClusters(program, terminal);
  registerTrust(program, terminal);
  registerAdmin(program, terminal);
  return program;
}
