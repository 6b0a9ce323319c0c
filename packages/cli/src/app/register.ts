import { type Command, Option } from 'commander';
import { collect, onOff, whole } from '../arguments.ts';
import type { OutputFormat } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { registerDefinition } from './register-definition.ts';
import { refreshing, registerDiff } from './register-diff.ts';
import { registerInsight } from './register-insight.ts';
import { registerLive } from './register-live.ts';
import { registerOperations, syncFlags } from './register-operations.ts';
import { comparisonFlags } from './source-revision-flags.ts';

const output = (...choices: (OutputFormat | 'tree=detailed')[]): Option =>
  new Option('-o, --output <format>', 'output format').choices(choices).default('wide');

/** Ways to choose Applications without naming them. */
const selecting = (command: Command): Command =>
  command
    .option('-l, --selector <selector>', 'applications with these labels')
    .option('--project <name>', 'applications of this project; may be repeated', collect);

function registerReads(app: Command, terminal: Terminal): void {
  app
    .command('list')
    .description('list applications')
    .option('-l, --selector <selector>', 'applications with these labels')
    .option('-p, --project <name>', 'applications of this project; may be repeated', collect)
    .option('-r, --repo <url>', 'applications of this repository')
    .option('-c, --cluster <name-or-url>', 'applications that go to this cluster')
    .option('-P, --path <folder>', 'applications that come from this folder')
    .option('-w, --watch', 'go on and show what changes')
    .addOption(output('wide', 'name', 'json', 'yaml'))
    .action(async (_options, command: Command) => {
      const { listApps } = await import('./list.ts');
      await listApps(terminal, command.optsWithGlobals());
    });
  refreshing(app.command('get').description('show an application').argument('<name>'))
    .option('--show-operation', 'show the last operation')
    .option('--show-params', 'show Helm parameters')
    .option('--source-position <number>', 'of this source only, from 1', whole)
    .option('--source-name <name>', 'of this source only')
    .option('--timeout <seconds>', 'give up after this time; 0 = never', whole, 0)
    .option('-w, --watch', 'go on and show what changes')
    .addOption(output('wide', 'json', 'yaml', 'tree', 'tree=detailed'))
    .action(async (name: string, _options, command: Command) => {
      const { getApp } = await import('./get.ts');
      await getApp(terminal, name, command.optsWithGlobals());
    });
}

function registerSync(app: Command, terminal: Terminal): void {
  const sync = app.command('sync').description('make live state match target state').argument('[names...]');
  comparisonFlags(syncFlags(selecting(sync)))
    .option('--async', 'do not wait for the end')
    .option('--dry-run', 'change nothing')
    .option(
      '--local <path>',
      'apply what this folder of the machine renders to, or the manifests of a file (-: standard input)',
    )
    .option('--local-repo-root <path>', 'root of the repository of that folder; default: its working copy')
    .option('--label <name=value>', 'only objects with this label; may be repeated', collect)
    .option('--preview-changes', 'show what would change, and ask')
    .option('--assumeYes', 'do not ask')
    .option('--plan <hash>', 'only if the plan is this one still, as "app plan" shows it with the same flags')
    .option('--timeout <seconds>', 'give up waiting after this time; 0 = never', whole, 0)
    .addOption(output('wide', 'json', 'yaml', 'tree', 'tree=detailed'))
    .addHelpText(
      'after',
      `
Exit codes: 0 the sync succeeded (with --async: was started), 1 wrong usage, 20 it failed or took longer than --timeout.

Examples:
  plumb app sync guestbook --prune
  plumb app sync guestbook --resource apps:Deployment:web
  plumb app sync -l team=shop --async
  plumb app sync guestbook --preview-changes
  plumb app sync guestbook --local ./guestbook         # what lies here, before it is committed`,
    )
    .action(async (names: string[], _options, command: Command) => {
      const { syncApps } = await import('./sync.ts');
      await syncApps(terminal, names, command.optsWithGlobals());
    });
}

function registerWait(app: Command, terminal: Terminal): void {
  selecting(
    app.command('wait').description('wait for a state; none given: sync, health and operation').argument('[names...]'),
  )
    .option('--sync', 'for Synced')
    .option('--health', 'for Healthy')
    .option('--suspended', 'for Suspended')
    .option('--degraded', 'for Degraded')
    .option('--operation', 'for the end of the operation')
    .option('--hydrated', 'for the end of the hydration')
    .option(
      '--resource <resource>',
      'only for GROUP:KIND:[NAMESPACE/]NAME; "!" in front excludes; may be repeated',
      collect,
    )
    .option('--delete', 'for the application to be gone')
    .option('--timeout <seconds>', 'give up after this time; 0 = never', whole, 0)
    .addOption(output('wide', 'json', 'yaml', 'tree', 'tree=detailed'))
    .addHelpText(
      'after',
      `
Exit codes: 0 it is so, 1 wrong usage, 20 time is up, or health is Degraded while Healthy is waited for.

Examples:
  plumb app wait guestbook --health --timeout 300
  plumb app wait guestbook --resource apps:Deployment:web`,
    )
    .action(async (names: string[], _options, command: Command) => {
      const { waitApps } = await import('./wait.ts');
      await waitApps(terminal, names, command.optsWithGlobals());
    });
}

function registerDelete(app: Command, terminal: Terminal): void {
  selecting(app.command('delete').description('delete applications').argument('[names...]'))
    .option('--cascade [on]', 'delete their resources too', onOff, true)
    .addOption(
      new Option('-p, --propagation-policy <policy>', 'how their resources are deleted; default: foreground').choices([
        'foreground',
        'background',
      ]),
    )
    .option('-y, --yes', 'do not ask')
    .option('--wait', 'wait until they are gone')
    .action(async (names: string[], _options, command: Command) => {
      const { deleteApps } = await import('./delete.ts');
      await deleteApps(terminal, names, command.optsWithGlobals());
    });
}

/** `plumb app …`. */
export function registerApp(program: Command, terminal: Terminal): void {
  const app = program
    .command('app')
    .description('work with applications')
    .option('-N, --app-namespace <name>', 'namespace of the application itself; NAMESPACE/NAME says it, too');
  registerReads(app, terminal);
  registerSync(app, terminal);
  registerWait(app, terminal);
  registerDelete(app, terminal);
  registerInsight(app, terminal);
  registerOperations(app, terminal);
  registerDefinition(app, terminal);
  registerLive(app, terminal);
  registerDiff(app, terminal);
}
