import type { Command } from 'commander';
import { registerAccount } from './account/register.ts';
import { registerAccounts } from './account/register-accounts.ts';
import { registerAdmin } from './admin/register.ts';
import { registerApp } from './app/register.ts';
import { registerClusters } from './cluster/register.ts';
import { registerCompletion } from './completion/register.ts';
import { registerPluginServer } from './plugin-server/register.ts';
import { registerProjects } from './project/register.ts';
import { registerRepositories } from './repo/register.ts';
import type { Terminal } from './terminal.ts';
import { registerTrust } from './trust/register.ts';
import { registerUp } from './up/register.ts';

/** Tells the program of every command. */
export function registerAll(program: Command, terminal: Terminal): void {
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
}
