import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** `plumb admin`: the first password, and policies, tried out before they are in force. */
export function registerAdmin(program: Command, terminal: Terminal): void {
  const admin = program.command('admin').description('commands for operators');
  admin
    .command('initial-password')
    .description('print the password that admin got at the first start')
    .option('-n, --namespace <name>', 'control-plane namespace', 'argocd')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig')
    .action(async (options) => {
      const { initialPassword } = await import('./initial-password.ts');
      await initialPassword(terminal, options);
    });
  const rbac = admin
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
