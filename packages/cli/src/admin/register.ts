import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** `plumb admin settings rbac`: policies, tried out before they are in force. */
export function registerAdmin(program: Command, terminal: Terminal): void {
  const rbac = program
    .command('admin')
    .description('commands for operators')
    .command('settings')
    .description('try settings out')
    .command('rbac')
    .description('try policies out');
  rbac
    .command('can')
    .description('say whether a policy lets a role or user do something; exit code 0 is yes, 1 is no')
    .argument('<subject>', 'role, user or group; role: may be left out')
    .argument('<action>', 'for example get')
    .argument('<resource>', 'for example applications')
    .argument('[object]', 'for example myproject/myapp', '*')
    .requiredOption('--policy-file <file>', 'CSV, or the ConfigMap argocd-rbac-cm as YAML')
    .option('--default-role <role>', 'default: the policy.default of the ConfigMap')
    .option('-q, --quiet', 'print nothing')
    .action(async (subject: string, action: string, resource: string, object: string, options) => {
      const { can } = await import('./rbac.ts');
      await can(terminal, { subject, action, resource, object }, options);
    });
  rbac
    .command('validate')
    .description('check a policy; exit code 1 where it is not valid')
    .requiredOption('--policy-file <file>', 'CSV, or the ConfigMap argocd-rbac-cm as YAML')
    .action(async (options: { policyFile: string }) => {
      const { validate } = await import('./rbac.ts');
      await validate(terminal, options);
    });
}
