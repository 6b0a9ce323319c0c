import { type Command, Option } from 'commander';
import { onOff } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { registerBackup } from './backup/register-backup.ts';
import { registerAdminClusters } from './clusters/register-admin-clusters.ts';
import {
  registerAppSpec,
  registerClusterSpec,
  registerProjectSpecs,
  registerRepoSpec,
} from './generate/register-generate.ts';
import { kubeFlags } from './kube-flags.ts';
import { registerSettings } from './settings/register-settings.ts';

function registerPasswords(admin: Command, terminal: Terminal): void {
  kubeFlags(
    admin.command('initial-password').description('print the password that admin got at the first start'),
  ).action(async (_options, command: Command) => {
    const { initialPassword } = await import('./initial-password.ts');
    await initialPassword(terminal, command.optsWithGlobals());
  });
  kubeFlags(
    admin.command('redis-initial-password').description('make a password for Redis where there is none'),
  ).action(async (_options, command: Command) => {
    const { redisInitialPassword } = await import('./redis-password.ts');
    await redisInitialPassword(terminal, command.optsWithGlobals());
  });
}

function registerApps(admin: Command, terminal: Terminal): void {
  const app = admin.command('app').description('declarations of applications, and what comparisons find');
  registerAppSpec(app, terminal);
  kubeFlags(app.command('get-reconcile-results').description('write what the comparison of each application has found'))
    .argument('<path>', 'file; - is standard output')
    .option('--l <selector>', 'applications with these labels')
    .addOption(new Option('--o <format>', 'output format').choices(['yaml', 'json']).default('yaml'))
    .option('--refresh', 'compare all again first')
    .action(async (path: string, _options, command: Command) => {
      const { getResults } = await import('./reconcile/reconcile-results.ts');
      await getResults(terminal, path, command.optsWithGlobals());
    });
  app
    .command('diff-reconcile-results')
    .description('show in what two such files differ')
    .argument('<before>')
    .argument('<after>')
    .action(async (before: string, after: string) => {
      const { diffResults } = await import('./reconcile/reconcile-results.ts');
      await diffResults(terminal, [before, after]);
    });
}

function registerProjects(admin: Command, terminal: Terminal): void {
  const proj = admin.command('proj').description('declarations of projects');
  registerProjectSpecs(proj, terminal);
  kubeFlags(proj.command('update-role-policy').description('set or remove a policy in roles of many projects'))
    .argument('<project-glob>')
    .argument('<modification>', 'set or remove')
    .argument('<action>', 'of the policy')
    .option('--role <glob>', 'names of roles', '*')
    .option('--resource <resource>', 'of the policy; default: applications, when removing any')
    .option('--scope <object>', 'object in the project; default: *, when removing any')
    .addOption(
      new Option('--permission <effect>', 'effect; default: allow, when removing any').choices(['allow', 'deny']),
    )
    .option('--dry-run [on]', 'only say what would be done', onOff, true)
    .addHelpText(
      'after',
      `\nExample:\n  plumb admin proj update-role-policy '*' set 'action/*' --role '*deployer*' --dry-run=false`,
    )
    .action(async (pattern: string, modification: string, action: string, _options, command: Command) => {
      const { updateRolePolicies } = await import('./role-policies.ts');
      await updateRolePolicies(terminal, { pattern, modification, action }, command.optsWithGlobals());
    });
}

/** `plumb admin`: work on the control plane's cluster itself, and on declarations before they are in force. */
export function registerAdmin(program: Command, terminal: Terminal): void {
  const admin = program.command('admin').description('commands for operators; they work on the cluster itself');
  registerPasswords(admin, terminal);
  registerSettings(admin, terminal);
  registerApps(admin, terminal);
  registerProjects(admin, terminal);
  registerRepoSpec(admin.command('repo').description('declarations of repositories'), terminal);
  const cluster = admin.command('cluster').description('declarations of clusters, and what goes to them');
  registerClusterSpec(cluster, terminal);
  registerAdminClusters(cluster, terminal);
  registerBackup(admin, terminal);
}
