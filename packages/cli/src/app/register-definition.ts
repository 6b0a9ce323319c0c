import { type Command, Option } from 'commander';
import { onOff, whole } from '../arguments.ts';
import { requireChoice } from '../require-choice.ts';
import type { Terminal } from '../terminal.ts';
import { sourceFlags } from './definition/source-flags.ts';
import { specFlags } from './definition/spec-flags.ts';
import { unsetFlags } from './definition/unset-flags.ts';
import { metadataFlags } from './metadata-flags.ts';

const validating = (command: Command): Command =>
  command.option('--validate [on]', 'refuse what cannot be rendered', onOff, true);

const positioned = (command: Command): Command =>
  command.option('--source-position <number>', 'which of several sources, from 1', whole);

const named = (command: Command): Command => command.option('--source-name <name>', 'which of several sources');

function registerCreate(app: Command, terminal: Terminal): void {
  const create = app
    .command('create')
    .description('create an application')
    .argument('[name]', 'may be left out with --file')
    .option('-f, --file <file>', 'file or URL of YAML with applications; - is standard input')
    .option('--upsert', 'change an application that exists')
    .addOption(new Option('-o, --output <format>', 'print the application').choices(['json', 'yaml']));
  validating(specFlags(sourceFlags(metadataFlags(create))))
    .addHelpText(
      'after',
      `
Examples:
  plumb app create guestbook --repo https://git.example.com/apps.git --path guestbook \\
    --dest-server https://kubernetes.default.svc --dest-namespace guestbook --sync-option CreateNamespace=true
  plumb app create --file application.yaml --upsert`,
    )
    .action(async (name: string | undefined, _options, command: Command) => {
      const { createApps } = await import('./define.ts');
      await createApps(terminal, name, command.optsWithGlobals());
    });
}

function registerChanges(app: Command, terminal: Terminal): void {
  const set = app.command('set').description('change an application').argument('<name>');
  validating(positioned(specFlags(sourceFlags(set))))
    .addHelpText('after', '\nExample:\n  plumb app set guestbook --revision v1.2.0 --helm-set image.tag=1.2.0')
    .action(async (name: string, _options, command: Command) => {
      requireChoice(command);
      const { setApp } = await import('./define.ts');
      await setApp(terminal, name, command.optsWithGlobals());
    });
  const unset = app.command('unset').description('take away what was set of a source').argument('<name>');
  validating(named(positioned(unsetFlags(unset))))
    .addHelpText('after', '\nExample:\n  plumb app unset guestbook --parameter image.tag')
    .action(async (name: string, _options, command: Command) => {
      requireChoice(command);
      const { unsetApp } = await import('./define.ts');
      await unsetApp(terminal, name, command.optsWithGlobals());
    });
  const add = app.command('add-source').description('add a source to an application').argument('<name>');
  validating(sourceFlags(add)).action(async (name: string, _options, command: Command) => {
    const { addSource } = await import('./define.ts');
    await addSource(terminal, name, command.optsWithGlobals());
  });
  const remove = app.command('remove-source').description('take a source away from an application').argument('<name>');
  validating(named(positioned(remove))).action(async (name: string, _options, command: Command) => {
    const { removeSource } = await import('./define.ts');
    await removeSource(terminal, name, command.optsWithGlobals());
  });
}

/** Commands that say what an Application is. */
export function registerDefinition(app: Command, terminal: Terminal): void {
  registerCreate(app, terminal);
  registerChanges(app, terminal);
  app
    .command('edit')
    .description('edit the spec of an application in $EDITOR')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      const { editApp } = await import('./define.ts');
      await editApp(terminal, name, command.optsWithGlobals());
    });
  app
    .command('patch')
    .description('patch an application')
    .argument('<name>')
    .requiredOption('--patch <text>', 'the patch as JSON')
    .addOption(new Option('--type <type>', 'kind of patch').choices(['json', 'merge']).default('json'))
    .addHelpText(
      'after',
      `\nExample:\n  plumb app patch guestbook --type merge --patch '{"spec":{"source":{"targetRevision":"main"}}}'`,
    )
    .action(async (name: string, _options, command: Command) => {
      const { patchApp } = await import('./define.ts');
      await patchApp(terminal, name, command.optsWithGlobals());
    });
}
