import { type Command, Option } from 'commander';
import { requireChoice } from '../require-choice.ts';
import type { Terminal } from '../terminal.ts';
import { projectFlags } from './project-flags.ts';
import { registerRoles } from './register-roles.ts';
import { registerSourceIntegrity } from './register-source-integrity.ts';
import { registerWindows } from './register-windows.ts';
import { rules } from './rules.ts';

const output = (): Option =>
  new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide');

function registerReads(proj: Command, terminal: Terminal): void {
  proj
    .command('list')
    .description('list projects')
    .addOption(output())
    .action(async (_options, command: Command) => {
      const { listProjects } = await import('./projects.ts');
      await listProjects(terminal, command.optsWithGlobals());
    });
  proj
    .command('get')
    .description('show a project')
    .argument('<name>')
    .addOption(output())
    .action(async (name: string, _options, command: Command) => {
      const { getProject } = await import('./projects.ts');
      await getProject(terminal, name, command.optsWithGlobals());
    });
}

function registerWrites(proj: Command, terminal: Terminal): void {
  projectFlags(proj.command('create').description('create a project').argument('[name]', 'may be left out with --file'))
    .option('-f, --file <file>', 'file or URL of YAML with projects; - is standard input')
    .option('--upsert', 'change a project that exists')
    .addHelpText(
      'after',
      `\nExample:\n  plumb proj create shop -s 'https://git.example.com/shop/*' -d https://kubernetes.default.svc,shop`,
    )
    .action(async (name: string | undefined, _options, command: Command) => {
      const { createProject } = await import('./projects.ts');
      await createProject(terminal, name, command.optsWithGlobals());
    });
  projectFlags(
    proj.command('set').description('change a project; a list that is given replaces the former').argument('<name>'),
  ).action(async (name: string, _options, command: Command) => {
    requireChoice(command);
    const [{ withProjectFlags }, { changeProject }] = await Promise.all([
      import('./with-project-flags.ts'),
      import('./change-spec.ts'),
    ]);
    await changeProject(command.optsWithGlobals(), name, (spec) => withProjectFlags(spec, command.opts()));
    terminal.out(`project '${name}' updated\n`);
  });
  proj
    .command('edit')
    .description('edit the spec of a project in $EDITOR')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      const { editProject } = await import('./projects.ts');
      await editProject(terminal, name, command.optsWithGlobals());
    });
}

function registerDeletion(proj: Command, terminal: Terminal): void {
  proj
    .command('delete')
    .description('delete projects that no application uses')
    .argument('<names...>')
    .option('-y, --yes', 'do not ask')
    .action(async (names: string[], _options, command: Command) => {
      const { deleteProjects } = await import('./projects.ts');
      await deleteProjects(terminal, names, command.optsWithGlobals());
    });
}

function registerRules(proj: Command, terminal: Terminal): void {
  for (const rule of rules) {
    const command = proj.command(rule.command).description(rule.about).argument('<project>');
    for (const argument of rule.args) command.argument(`<${argument}>`);
    if (rule.command.endsWith('-destination')) command.option('--name', 'the cluster is given by its name');
    if (rule.command.endsWith('orphaned-ignore')) command.option('--name <pattern>', 'only objects of this name');
    if (rule.command.endsWith('service-account'))
      command.option('--service-account-namespace <name>', 'namespace of the service account');
    if (rule.command.endsWith('-resource'))
      command.addOption(new Option('-l, --list <list>', 'which list').choices(['allow', 'deny']));
    command.action(async () => {
      const { runRule } = await import('./rules.ts');
      await runRule(terminal, rule, command.args, command.optsWithGlobals());
    });
  }
}

/** `plumb proj`. */
export function registerProjects(program: Command, terminal: Terminal): void {
  const proj = program.command('proj').description('projects: what applications may do');
  registerReads(proj, terminal);
  registerWrites(proj, terminal);
  registerDeletion(proj, terminal);
  registerRules(proj, terminal);
  registerRoles(proj, terminal);
  registerWindows(proj, terminal);
  registerSourceIntegrity(proj, terminal);
}
