import { type Command, Option } from 'commander';
import { collectList, collectWhole, whole } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

const settingFlags = (command: Command): Command =>
  command
    .option('--repo-url <glob>', 'repositories that it is for; may be repeated', collectList)
    .addOption(
      new Option('--gpg-mode <mode>', 'what must be signed: the commit, also its history, or nothing').choices([
        'head',
        'strict',
        'none',
      ]),
    )
    .option('--gpg-key <id>', 'key whose signatures are accepted; may be repeated', collectList);

function registerChanges(policies: Command, terminal: Terminal): void {
  settingFlags(policies.command('update').description('change a policy').argument('<project>'))
    .argument('<id>', 'as list shows it', whole)
    .option('--add-repo-url <glob>', 'one more repository; may be repeated', collectList)
    .option('--delete-repo-url <glob>', 'one repository less; may be repeated', collectList)
    .option('--add-gpg-key <id>', 'one more key; may be repeated', collectList)
    .option('--delete-gpg-key <id>', 'one key less; may be repeated', collectList)
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, id: number, _options, command: Command) => {
      const { updatePolicy } = await import('./source-integrity.ts');
      await updatePolicy(terminal, { name, id }, command.optsWithGlobals());
    });
  policies
    .command('delete')
    .description('take policies away')
    .argument('<project>')
    .argument('<ids...>', 'as list shows them', collectWhole)
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, ids: number[], _options, command: Command) => {
      const { deletePolicies } = await import('./source-integrity.ts');
      await deletePolicies(terminal, { name, ids }, command.optsWithGlobals());
    });
}

/** `plumb proj source-integrity git policies`. */
export function registerSourceIntegrity(proj: Command, terminal: Terminal): void {
  const policies = proj
    .command('source-integrity')
    .description('what must be signed, and by whom')
    .command('git')
    .description('of Git repositories')
    .command('policies')
    .description('rules by repository');
  policies
    .command('list')
    .description('list the policies of a project')
    .argument('<project>')
    .addOption(
      new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide'),
    )
    .action(async (name: string, _options, command: Command) => {
      const { listPolicies } = await import('./source-integrity.ts');
      await listPolicies(terminal, name, command.optsWithGlobals());
    });
  settingFlags(policies.command('add').description('add a policy').argument('<project>'))
    .addHelpText(
      'after',
      `
Example:
  plumb proj source-integrity git policies add shop --repo-url 'https://git.example.com/shop/*' \\
    --gpg-mode strict --gpg-key D56C4FCA57A46444`,
    )
    .action(async (name: string, _options, command: Command) => {
      const { addPolicy } = await import('./source-integrity.ts');
      await addPolicy(terminal, name, command.optsWithGlobals());
    });
  registerChanges(policies, terminal);
}
