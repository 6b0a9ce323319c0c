import type { Command } from 'commander';
import { collect, onOff } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';
import { kubeFlags } from '../kube-flags.ts';

function registerRbac(settings: Command, terminal: Terminal): void {
  const rbac = settings.command('rbac').description('try policies out');
  rbac
    .command('can')
    .description('say whether a policy lets a role or user do something; exit code 0 is yes, 1 is no')
    .argument('<subject>', 'role, user or group; role: may be left out')
    .argument('<action>', 'for example get')
    .argument('<resource>', 'for example applications')
    .argument('[object]', 'for example myproject/myapp', '*')
    .option('--policy-file <file>', 'CSV, or the ConfigMap argocd-rbac-cm as YAML; default: that of the cluster')
    .option('--default-role <role>', 'default: the policy.default of the ConfigMap')
    .option('--use-builtin-policy [on]', 'with the roles that are built in', onOff, true)
    .option('--strict [on]', 'refuse actions and resources that do not exist', onOff, true)
    .option('-q, --quiet', 'print nothing')
    .addHelpText(
      'after',
      `
Examples:
  plumb admin settings rbac can role:deployer sync applications 'shop/*' --policy-file policy.csv
  plumb admin settings rbac can alice get clusters --namespace argocd`,
    )
    .action(async (subject: string, action: string, resource: string, object: string, _options, command: Command) => {
      const { can } = await import('../rbac.ts');
      await can(terminal, { subject, action, resource, object }, command.optsWithGlobals());
    });
  rbac
    .command('validate')
    .description('check a policy; exit code 1 where it is not valid')
    .option('--policy-file <file>', 'CSV, or the ConfigMap argocd-rbac-cm as YAML; default: that of the cluster')
    .action(async (_options, command: Command) => {
      const { validate } = await import('../rbac.ts');
      await validate(terminal, command.optsWithGlobals());
    });
}

function registerOverrides(settings: Command, terminal: Terminal): void {
  const overrides = settings.command('resource-overrides').description('try rules for kinds out on a manifest');
  const onManifest = (name: string, about: string): Command =>
    overrides.command(name).description(about).argument('<manifest>', 'YAML file of an object as it is in a cluster');
  onManifest('health', 'say what health an object has').action(async (path: string, _options, command: Command) => {
    const { showHealth } = await import('./resource-overrides.ts');
    await showHealth(terminal, path, command.optsWithGlobals());
  });
  for (const [name, about, what] of [
    ['ignore-differences', 'show fields that comparisons leave out', 'differences'],
    ['ignore-resource-updates', 'show fields whose changes are no reason to compare', 'updates'],
  ] as const) {
    onManifest(name, about).action(async (path: string, _options, command: Command) => {
      const { showIgnored } = await import('./resource-overrides.ts');
      await showIgnored(terminal, { path, what }, command.optsWithGlobals());
    });
  }
  onManifest('list-actions', 'list the actions of an object').action(
    async (path: string, _options, command: Command) => {
      const { listActions } = await import('./resource-overrides.ts');
      await listActions(terminal, path, command.optsWithGlobals());
    },
  );
  onManifest('run-action', 'show what an action would change')
    .argument('<action>')
    .option('--param <name=value>', 'parameter of the action; may be repeated', collect)
    .action(async (path: string, action: string, _options, command: Command) => {
      const { tryAction } = await import('./resource-overrides.ts');
      await tryAction(terminal, { path, action }, command.optsWithGlobals());
    });
}

/** `plumb admin settings`. */
export function registerSettings(admin: Command, terminal: Terminal): void {
  const settings = kubeFlags(admin.command('settings').description('try settings out before they are in force'))
    .option('--argocd-cm-path <file>', 'argocd-cm as YAML')
    .option('--argocd-secret-path <file>', 'argocd-secret as YAML')
    .option('--load-cluster-settings', 'those of the cluster, where no file is given');
  settings
    .command('validate')
    .description('name every setting that cannot be used; exit code 1 where there is one')
    .option('--group <name>', 'accounts, general, kustomize or resource-overrides; may be repeated', collect)
    .addHelpText('after', '\nExample:\n  plumb admin settings validate --argocd-cm-path ./argocd-cm.yaml')
    .action(async (_options, command: Command) => {
      const { validateSettings } = await import('./validate-settings.ts');
      await validateSettings(terminal, command.optsWithGlobals());
    });
  registerRbac(settings, terminal);
  registerOverrides(settings, terminal);
}
