import { activeWindows } from '@plumbline/access';
import type { AppProject, SyncWindow } from '@plumbline/apis';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { type ListFormat, printList } from '../output/print-list.ts';
import type { Terminal } from '../terminal.ts';
import { changeProject } from './change-spec.ts';

interface WindowFlags extends GlobalOptions {
  kind?: 'allow' | 'deny';
  schedule?: string;
  duration?: string;
  timeZone?: string;
  applications?: string[];
  namespaces?: string[];
  clusters?: string[];
  manualSync?: boolean;
  syncOverrun?: boolean;
  useAndOperator?: boolean;
  description?: string;
}

/** Members of a window that a command switches on and off. */
type WindowSwitch = 'manualSync' | 'syncOverrun';

const listText = (items: string[] | undefined): string => (items?.length ? items.join(',') : '-');
const switchText = (on: boolean | undefined): string => (on ? 'Enabled' : 'Disabled');

const headings = ['ID', 'STATUS', 'KIND', 'SCHEDULE', 'DURATION', 'APPLICATIONS', 'NAMESPACES', 'CLUSTERS'];

interface Listed {
  id: number;
  window: SyncWindow;
  active: boolean;
}

function listed(project: AppProject, now: Date): Listed[] {
  const active = new Set(activeWindows(project, now));
  return (project.spec.syncWindows ?? []).map((window, id) => ({ id, window, active: active.has(window) }));
}

/** `plumb proj windows list`. */
export async function listWindows(
  terminal: Terminal,
  name: string,
  options: GlobalOptions & { output: ListFormat },
): Promise<void> {
  const project = await (await connect(options)).call('getProject', { params: { name } });
  const { output } = options;
  const rows = listed(project, terminal.now());
  const plain = output === 'json' || output === 'yaml' ? rows.map(({ window }) => window) : rows;
  await printList<Listed | SyncWindow>(terminal, plain, {
    format: output,
    headings: [...headings, 'MANUALSYNC', 'SYNCOVERRUN', 'TIMEZONE', 'USEANDOPERATOR', 'DESCRIPTION'],
    name: (one) => ('window' in one ? String((one as Listed).id) : ''),
    row: (one) => {
      const { id, window, active } = one as Listed;
      return [
        ...[
          String(id),
          active ? 'Active' : 'Inactive',
          window.kind ?? '',
          window.schedule ?? '',
          window.duration ?? '',
        ],
        ...[listText(window.applications), listText(window.namespaces), listText(window.clusters)],
        ...[switchText(window.manualSync), switchText(window.syncOverrun), window.timeZone || 'UTC'],
        ...[switchText(window.andOperator), window.description ?? ''],
      ];
    },
  });
}

/** What the flags say of a window; nothing of what they leave out. */
function membersOf(flags: WindowFlags): SyncWindow {
  const members = {
    kind: flags.kind,
    schedule: flags.schedule,
    duration: flags.duration,
    timeZone: flags.timeZone,
    applications: flags.applications,
    namespaces: flags.namespaces,
    clusters: flags.clusters,
    manualSync: flags.manualSync,
    syncOverrun: flags.syncOverrun,
    andOperator: flags.useAndOperator,
    description: flags.description,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** `plumb proj windows add`. */
export async function addWindow(terminal: Terminal, name: string, flags: WindowFlags): Promise<void> {
  const added = { timeZone: 'UTC', ...membersOf(flags) };
  if (!flags.kind || !flags.schedule || !flags.duration) {
    throw new Fatal('a window needs --kind, --schedule and --duration', {
      next: `plumb proj windows add ${name} --kind allow --schedule "0 22 * * *" --duration 1h --applications '*'`,
      exitCode: 1,
    });
  }
  if (!flags.applications && !flags.namespaces && !flags.clusters) {
    throw new Fatal('what is the window for?', {
      next: "say so with --applications '*', --namespaces or --clusters",
      exitCode: 1,
    });
  }
  let id = 0;
  await changeProject(flags, name, (spec) => {
    id = spec.syncWindows?.length ?? 0;
    return { ...spec, syncWindows: [...(spec.syncWindows ?? []), added] };
  });
  terminal.out(`window ${id} of project '${name}' added\n`);
}

/** Changes one window of a project, or takes it away where the change answers nothing. */
async function changeWindow(
  options: GlobalOptions,
  { name, id }: { name: string; id: number },
  change: (window: SyncWindow) => SyncWindow | undefined,
): Promise<void> {
  await changeProject(options, name, (spec) => {
    const windows = spec.syncWindows ?? [];
    const found = windows[id];
    if (!found) {
      throw new Fatal(`project ${name} has no window ${id}`, { next: `plumb proj windows list ${name} lists them` });
    }
    const changed = change(found);
    const syncWindows = windows.flatMap((window, at) => (at !== id ? [window] : changed ? [changed] : []));
    return { ...spec, syncWindows };
  });
}

/** `plumb proj windows update`. */
export async function updateWindow(
  terminal: Terminal,
  asked: { name: string; id: number },
  flags: WindowFlags,
): Promise<void> {
  const members = membersOf(flags);
  if (Object.keys(members).length === 0) {
    throw new Fatal('nothing is to be changed', {
      next: 'plumb proj windows update --help tells the flags',
      exitCode: 1,
    });
  }
  await changeWindow(flags, asked, (window) => ({ ...window, ...members }));
  terminal.out(`window ${asked.id} of project '${asked.name}' updated\n`);
}

/** `plumb proj windows delete`. */
export async function deleteWindow(
  terminal: Terminal,
  asked: { name: string; id: number },
  options: GlobalOptions,
): Promise<void> {
  await changeWindow(options, asked, () => undefined);
  terminal.out(`window ${asked.id} of project '${asked.name}' deleted\n`);
}

/** `plumb proj windows enable-manual-sync` and its like. */
export async function switchWindow(
  terminal: Terminal,
  asked: { name: string; id: number; member: WindowSwitch; on: boolean },
  options: GlobalOptions,
): Promise<void> {
  await changeWindow(options, asked, (window) => ({ ...window, [asked.member]: asked.on }));
  terminal.out(`window ${asked.id} of project '${asked.name}' updated\n`);
}
