import { type Command, Option } from 'commander';
import { collect } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { resourceFlags } from './resource-flags.ts';
import { sourceRevisionFlags } from './source-revision-flags.ts';

const output = (...choices: string[]): Option =>
  new Option('-o, --output <format>', 'output format').choices(choices).default(choices[0]);

const patchTypes = [
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
];

function registerReads(app: Command, terminal: Terminal): void {
  app
    .command('resources')
    .description('list the objects of an application, with what they own')
    .argument('<name>')
    .option('--project <name>', 'of the application')
    .option('--orphaned', 'only objects of its namespaces that belong to no application')
    .option('-w, --watch', 'go on and show what changes')
    .addOption(output('wide', 'tree', 'json', 'yaml'))
    .action(async (name: string, _options, command: Command) => {
      const { listResources } = await import('./resources.ts');
      await listResources(terminal, name, command.optsWithGlobals());
    });
  sourceRevisionFlags(app.command('manifests').description('print the manifests of an application').argument('<name>'))
    .option('--revision <revision>', 'of this revision')
    .addOption(
      new Option('--source <source>', 'from the source or from the cluster').choices(['git', 'live']).default('git'),
    )
    .option('--local <path>', 'what this folder of the machine renders to')
    .option('--local-repo-root <path>', 'root of the repository of that folder; default: its working copy')
    .addOption(output('yaml', 'json'))
    .action(async (name: string, _options, command: Command) => {
      const { showManifests } = await import('./manifests.ts');
      await showManifests(terminal, name, command.optsWithGlobals());
    });
}

function registerHistory(app: Command, terminal: Terminal): void {
  app
    .command('history')
    .description('list the deployments of an application, or with --resource what was done to one object')
    .argument('<name>')
    .option('--resource <GROUP:KIND:NAMESPACE/NAME>', 'which operations wrote this object, and who began them')
    .option('--at <time>', 'with --resource: only what holds at this time, RFC 3339')
    .addHelpText(
      'after',
      '\nExample:\n  plumb app history web --resource apps:Deployment:shop/web --at 2026-01-31T12:00:00Z',
    )
    .addOption(output('wide', 'id', 'json', 'yaml'))
    .action(async (name: string, _options, command: Command) => {
      const { showHistory } = await import('./history.ts');
      await showHistory(terminal, name, command.optsWithGlobals());
    });
}

function registerObjects(app: Command, terminal: Terminal): void {
  resourceFlags(app.command('get-resource').description('print live objects of an application').argument('<name>'))
    .option('--filter-fields <paths>', 'only these fields, with commas between, such as spec.replicas')
    .option('--show-managed-fields', 'with metadata.managedFields')
    .addOption(output('yaml', 'json'))
    .action(async (name: string, _options, command: Command) => {
      const { getResource } = await import('./live-objects.ts');
      await getResource(terminal, name, command.optsWithGlobals());
    });
  resourceFlags(app.command('patch-resource').description('patch a live object').argument('<name>'))
    .requiredOption('--patch <text>', 'the patch as JSON')
    .addOption(
      new Option('--patch-type <type>', 'content type of the patch').choices(patchTypes).default(patchTypes[0]),
    )
    .option('--all', 'every object that matches')
    .action(async (name: string, _options, command: Command) => {
      const { patchResource } = await import('./live-objects.ts');
      await patchResource(terminal, name, command.optsWithGlobals());
    });
  resourceFlags(app.command('delete-resource').description('delete a live object').argument('<name>'))
    .option('--force', 'without a grace period')
    .option('--orphan', 'what it owns stays')
    .option('--all', 'every object that matches')
    .action(async (name: string, _options, command: Command) => {
      const { deleteResource } = await import('./live-objects.ts');
      await deleteResource(terminal, name, command.optsWithGlobals());
    });
}

function registerActions(app: Command, terminal: Terminal): void {
  const actions = app.command('actions').description('actions on live objects, such as a restart');
  resourceFlags(actions.command('list').description('list what can be done').argument('<name>'))
    .addOption(output('wide', 'json', 'yaml'))
    .addOption(new Option('--out <format>', 'the same').choices(['wide', 'json', 'yaml']).hideHelp())
    .action(async (name: string, _options, command: Command) => {
      const { listActions } = await import('./live-objects.ts');
      await listActions(terminal, name, command.optsWithGlobals());
    });
  resourceFlags(actions.command('run').description('run an action').argument('<name>').argument('<action>'))
    .option('--param <name=value>', 'parameter of the action; may be repeated', collect)
    .option('--all', 'on every object that matches')
    .addHelpText('after', '\nExample:\n  plumb app actions run guestbook restart --kind Deployment --resource-name web')
    .action(async (name: string, action: string, _options, command: Command) => {
      const { runAction } = await import('./live-objects.ts');
      await runAction(terminal, { name, action }, command.optsWithGlobals());
    });
}

/** Commands about the live objects of an Application. */
export function registerLive(app: Command, terminal: Terminal): void {
  registerReads(app, terminal);
  registerHistory(app, terminal);
  registerObjects(app, terminal);
  registerActions(app, terminal);
  app
    .command('terminate-op')
    .description('end the operation that is under way')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      const { terminateOperation } = await import('./history.ts');
      await terminateOperation(terminal, name, command.optsWithGlobals());
    });
}
