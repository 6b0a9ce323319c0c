import { type Command, Option } from 'commander';
import { collectList, onOff, whole } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

const windowFlags = (command: Command): Command =>
  command
    .option('--schedule <cron>', 'when it begins, as "0 22 * * *"')
    .option('--duration <duration>', 'how long it lasts, as 1h30m')
    .option('--applications <globs>', 'names of applications, with commas between; may be repeated', collectList)
    .option('--namespaces <globs>', 'destination namespaces, with commas between; may be repeated', collectList)
    .option('--clusters <globs>', 'destination clusters, with commas between; may be repeated', collectList)
    .option('--time-zone <zone>', 'of the schedule, as Europe/Berlin; default: UTC')
    .option('--description <text>', 'for people');

const kindFlag = (): Option =>
  new Option('-k, --kind <kind>', 'whether syncs are allowed or denied').choices(['allow', 'deny']);

const windowCommand = (windows: Command, name: string, about: string): Command =>
  windows.command(name).description(about).argument('<project>').argument('<id>', 'as list shows it', whole);

function registerWrites(windows: Command, terminal: Terminal): void {
  windowFlags(windows.command('add').description('add a window').argument('<project>').addOption(kindFlag()))
    .option('--manual-sync [on]', 'syncs that people start are allowed', onOff)
    .option('--sync-overrun [on]', 'a sync that runs when the window forbids it may go on', onOff)
    .option('--use-and-operator [on]', 'applications, namespaces and clusters must match all, not just one', onOff)
    .addHelpText(
      'after',
      `
Example:
  plumb proj windows add shop --kind deny --schedule "0 22 * * *" --duration 8h --applications '*' --manual-sync`,
    )
    .action(async (name: string, _options, command: Command) => {
      const { addWindow } = await import('./windows.ts');
      await addWindow(terminal, name, command.optsWithGlobals());
    });
  windowFlags(windowCommand(windows, 'update', 'change a window')).action(
    async (name: string, id: number, _options, command: Command) => {
      const { updateWindow } = await import('./windows.ts');
      await updateWindow(terminal, { name, id }, command.optsWithGlobals());
    },
  );
  windowCommand(windows, 'delete', 'take a window away').action(
    async (name: string, id: number, _options, command: Command) => {
      const { deleteWindow } = await import('./windows.ts');
      await deleteWindow(terminal, { name, id }, command.optsWithGlobals());
    },
  );
}

const switches = [
  ['enable-manual-sync', 'allow syncs that people start', 'manualSync', true],
  ['disable-manual-sync', 'forbid syncs that people start', 'manualSync', false],
  ['enable-sync-overrun', 'let a sync that runs go on', 'syncOverrun', true],
  ['disable-sync-overrun', 'let no sync go on', 'syncOverrun', false],
] as const;

/** `plumb proj windows`. */
export function registerWindows(proj: Command, terminal: Terminal): void {
  const windows = proj.command('windows').description('times in which syncs are allowed or denied');
  windows
    .command('list')
    .description('list the windows of a project')
    .argument('<project>')
    .addOption(
      new Option('-o, --output <format>', 'output format').choices(['wide', 'name', 'json', 'yaml']).default('wide'),
    )
    .action(async (name: string, _options, command: Command) => {
      const { listWindows } = await import('./windows.ts');
      await listWindows(terminal, name, command.optsWithGlobals());
    });
  registerWrites(windows, terminal);
  for (const [name, about, member, on] of switches) {
    windowCommand(windows, name, about).action(async (project: string, id: number, _options, command: Command) => {
      const { switchWindow } = await import('./windows.ts');
      await switchWindow(terminal, { name: project, id, member, on }, command.optsWithGlobals());
    });
  }
}
