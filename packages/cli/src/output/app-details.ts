import { type Application, type OperationState, sourcesOf } from '@plumbline/apis';
import type { ApplicationSyncWindows, ResourceTree } from '@plumbline/protocol';
import { age } from './age.ts';
import { syncPolicyText } from './app-rows.ts';
import { resourceCells, resourceHeadings, resourceRows } from './resource-rows.ts';
import { table } from './table.ts';

interface DetailOptions {
  paint: (status: string) => string;
  now: Date;
  /** URL of the server, for the link. */
  url: string;
  tree?: ResourceTree | undefined;
  windows?: ApplicationSyncWindows | undefined;
  operation?: boolean;
  parameters?: boolean;
  /** Index of the source whose parameters are shown; default all. */
  source?: number | undefined;
}

const labelWidth = 20;

function facts(entries: [string, string][]): string {
  return entries
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(labelWidth)}${value}\n`)
    .join('');
}

function sourceFacts(application: Application): [string, string][] {
  return sourcesOf(application.spec).flatMap((source): [string, string][] => [
    ['Repo', source.repoURL],
    ['Target', source.targetRevision || 'HEAD'],
    ['Path', source.path ?? ''],
    ['Chart', source.chart ?? ''],
  ]);
}

/** The operation's facts, as shown after a sync. */
export function operationText(
  state: OperationState | undefined,
  { paint, now }: Pick<DetailOptions, 'paint' | 'now'>,
): string {
  if (!state) return '';
  const end = state.finishedAt ? new Date(state.finishedAt) : now;
  return facts([
    ['Operation', state.operation.sync ? 'Sync' : ''],
    ['Sync Revision', state.syncResult?.revision ?? ''],
    ['Phase', paint(state.phase)],
    ['Start', state.startedAt],
    ['Finished', state.finishedAt ?? ''],
    ['Duration', age(state.startedAt, end)],
    ['Message', state.message ?? ''],
  ]);
}

/** The rows of every object, or nothing where there is none. */
export function resourcesText(
  application: Application,
  { paint, tree }: Pick<DetailOptions, 'paint' | 'tree'>,
): string {
  const rows = resourceRows(application, tree);
  if (rows.length === 0) return '';
  return table(
    resourceHeadings,
    rows.map((row) => resourceCells(row, paint)),
  );
}

function parametersText(application: Application, chosen: number | undefined): string {
  const sources = sourcesOf(application.spec).filter((_, index) => chosen === undefined || index === chosen);
  const rows = sources.flatMap((source) =>
    (source.helm?.parameters ?? []).map(({ name, value }) => [name ?? '', value ?? '']),
  );
  return rows.length > 0 ? `\n${table(['NAME', 'VALUE'], rows)}` : '';
}

/** What the sync windows allow, and which of them concern the Application; empty where none does. */
function windowFacts(windows: ApplicationSyncWindows | undefined): [string, string][] {
  const text = ({ kind, schedule, duration }: { kind?: string; schedule?: string; duration?: string }): string =>
    `${kind}:${schedule}:${duration}`;
  const assigned = windows?.assignedWindows ?? [];
  if (!windows || assigned.length === 0) return [];
  return [
    ['SyncWindow', windows.canSync ? 'Sync Allowed' : 'Sync Denied'],
    ['Active Windows', (windows.activeWindows ?? []).map(text).join(', ')],
    ['Assigned Windows', assigned.map(text).join(', ')],
  ];
}

/** `to main (1a2b3c4)`: what the live state is, or is not, the same as; empty where nothing was compared. */
function comparedText({ spec, status }: Application): string {
  const { status: state, revision, revisions } = status?.sync ?? {};
  const sources = sourcesOf(spec);
  const texts = (revisions?.length ? revisions : revision ? [revision] : []).map((text, index) => {
    const short = /^[0-9a-f]{40}$/.test(text) ? text.slice(0, 7) : text;
    const target = sources[index]?.targetRevision || 'HEAD';
    return target === text ? target : `${target} (${short})`;
  });
  const word = state === 'Synced' ? 'to' : 'from';
  return texts.length > 0 ? ` ${word} ${texts.join(', ')}` : '';
}

/** Everything `plumb app get` shows of an Application. */
export function detailsText(application: Application, options: DetailOptions): string {
  const { metadata, spec, status } = application;
  const { paint } = options;
  const revision = comparedText(application);
  const reason = status?.health?.message ? ` (${status.health.message})` : '';
  const conditions = (status?.conditions ?? []).map(({ type, message, lastTransitionTime = '' }) => [
    type,
    message,
    age(lastTransitionTime, options.now),
  ]);
  const head = facts([
    ['Name', metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name],
    ['Project', spec.project],
    ['Server', spec.destination.server || spec.destination.name || ''],
    ['Namespace', spec.destination.namespace ?? ''],
    ['URL', `${options.url}/applications/${metadata.name}`],
    ...sourceFacts(application),
    ...windowFacts(options.windows),
    ['Sync Policy', syncPolicyText(application)],
    ['Sync Status', paint(status?.sync?.status ?? 'Unknown') + revision],
    ['Health Status', paint(status?.health?.status ?? 'Unknown') + reason],
  ]);
  const resources = resourcesText(application, options);
  return [
    head,
    options.parameters ? parametersText(application, options.source) : '',
    options.operation && status?.operationState ? `\n${operationText(status.operationState, options)}` : '',
    conditions.length > 0 ? `\n${table(['CONDITION', 'MESSAGE', 'AGE'], conditions)}` : '',
    resources ? `\n${resources}` : '',
  ].join('');
}
