import { Command } from 'commander';
import { registerAccount } from './account/register.ts';
import { registerAccounts } from './account/register-accounts.ts';
import { registerAdmin } from './admin/register.ts';
import { registerApp } from './app/register.ts';
import { registerClusters } from './cluster/register.ts';
import { registerCompletion } from './completion/register.ts';
import { globalFlags } from './global-flags.ts';
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
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(add --help for usage)')
    .addHelpText(
      'after',
      `
A first session:
  plumb up                                     # runs everything here, and says how to log in
  plumb login localhost:8080 --username admin
  plumb app list
  plumb app diff guestbook-dev
  plumb app sync guestbook-dev

\`plumb app --help\` and \`plumb app sync --help\` tell the rest.`,
    )
    .exitOverride();
  globalFlags(program);
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
  registerCompletion(program, terminal);
  return program;
}
