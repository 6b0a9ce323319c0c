import { type AppProject, parseDuration, type SyncWindow } from '@plumbline/apis';
import { Cron } from 'croner';
import { globMatch } from './glob.ts';

/** The Application, as far as windows look at it. */
export interface WindowQuery {
  application: string;
  /** Destination namespace. */
  namespace: string;
  /** The destination cluster as the Application writes it: server or name (reference §16). */
  cluster: string;
}

/** The windows of one Application at one moment. */
export interface WindowState {
  /** All that concern the Application. */
  assigned: readonly SyncWindow[];
  /** Those that are open now, of either kind. */
  active: readonly SyncWindow[];
  /** Why automation may not start a sync now; undefined where it may. */
  automatedDenied: string | undefined;
  /** Why nobody may start a sync now. */
  manualDenied: string | undefined;
  /** Windows with a schedule or duration that cannot be read; an allow window then never opens, a deny window never closes. */
  problems: readonly string[];
}

/** The sync windows of a project for an Application at `now` (reference §9.3). */
export function syncWindows(project: AppProject, query: WindowQuery, now: Date): WindowState {
  const assigned = (project.spec.syncWindows ?? []).filter((window) => concerns(window, query));
  const problems: string[] = [];
  const active = assigned.filter((window) => isOpen(window, now, problems));
  return { assigned, active, problems, ...denials(assigned, active) };
}

/** The windows of a project that are open now. */
export function activeWindows(project: AppProject, now: Date): SyncWindow[] {
  return (project.spec.syncWindows ?? []).filter((window) => isOpen(window, now, []));
}

/**
 * Whether a running operation may go on although windows deny it now: it was permitted when it began, and every window
 * that denies it now lets running syncs end (reference §9.3, overrun).
 */
export function mayOverrun(project: AppProject, query: WindowQuery, run: OverrunQuery): boolean {
  const now = syncWindows(project, query, run.now);
  const blocking = blockingOf(now.assigned, now.active);
  const began = syncWindows(project, query, run.startedAt);
  const permitted = run.automated ? began.automatedDenied === undefined : began.manualDenied === undefined;
  return permitted && blocking.length > 0 && blocking.every((window) => window.syncOverrun === true);
}

export interface OverrunQuery {
  startedAt: Date;
  now: Date;
  /** Whether automation began the operation. */
  automated: boolean;
}

function denials(
  assigned: readonly SyncWindow[],
  active: readonly SyncWindow[],
): Pick<WindowState, 'automatedDenied' | 'manualDenied'> {
  const blocking = blockingOf(assigned, active);
  if (blocking.length === 0) return { automatedDenied: undefined, manualDenied: undefined };
  const names = blocking.map(windowText).join('; ');
  const why = isDeny(blocking[0]) ? `closed by the sync window ${names}` : `outside of the sync windows ${names}`;
  return { automatedDenied: why, manualDenied: blocking.every(({ manualSync }) => manualSync) ? undefined : why };
}

/** What denies automated syncs now: open deny windows; else, where there are allow windows and none is open, all of those. */
function blockingOf(assigned: readonly SyncWindow[], active: readonly SyncWindow[]): SyncWindow[] {
  const denying = active.filter(isDeny);
  if (denying.length > 0 || active.length > 0) return denying;
  return assigned.filter((window) => !isDeny(window));
}

function isDeny(window: SyncWindow | undefined): boolean {
  return window?.kind === 'deny';
}

function windowText({ kind, schedule, duration, timeZone, description }: SyncWindow): string {
  const zone = timeZone ? ` ${timeZone}` : '';
  return `${kind} "${schedule}"${zone} for ${duration}${description ? ` (${description})` : ''}`;
}

function concerns(window: SyncWindow, { application, namespace, cluster }: WindowQuery): boolean {
  const lists: [readonly string[], string][] = [
    [window.applications ?? [], application],
    [window.clusters ?? [], cluster],
    [window.namespaces ?? [], namespace],
  ];
  const named = lists.filter(([globs]) => globs.length > 0);
  const hit = ([globs, value]: [readonly string[], string]) => globs.some((glob) => globMatch(glob, value));
  if (named.length === 0) return false;
  return window.andOperator ? named.every(hit) : named.some(hit);
}

/** Open where the first start after `now - duration` is not after `now`. */
function isOpen(window: SyncWindow, now: Date, problems: string[]): boolean {
  try {
    const duration = parseDuration(window.duration ?? '');
    const next = scheduleOf(window).nextRun(new Date(now.getTime() - duration));
    return next !== null && next.getTime() <= now.getTime();
  } catch (error) {
    problems.push(`sync window ${windowText(window)}: ${(error as Error).message}`);
    return isDeny(window);
  }
}

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

const schedules = new Map<string, Cron>();
const keptSchedules = 1000;

/** Reads a schedule; what was read is kept, because windows are asked on every pass over every Application. */
function scheduleOf({ schedule = '', timeZone }: SyncWindow): Cron {
  const zone = timeZone || 'UTC';
  const id = `${zone} ${schedule}`;
  const known = schedules.get(id);
  if (known) return known;
  const pattern = nicknames[schedule.trim()] ?? schedule.trim();
  if (pattern.split(/\s+/).length !== 5) throw new Error(`the schedule "${schedule}" does not have five fields`);
  if (!isTimeZone(zone)) throw new Error(`the time zone "${zone}" is unknown`);
  const made = new Cron(pattern, { timezone: zone, mode: '5-part', paused: true });
  if (schedules.size >= keptSchedules) schedules.clear();
  schedules.set(id, made);
  return made;
}
