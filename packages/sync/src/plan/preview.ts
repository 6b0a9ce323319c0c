import { createHash } from 'node:crypto';
import type { FieldDifference } from '@plumbline/diff';
import { keyString, stringifyJson } from '@plumbline/manifests';
import { displayKey } from '../display.ts';
import { needsWrite } from '../step/step-state.ts';
import type { HookType, SyncPhase, SyncPlan, SyncRequest, SyncTask } from '../types.ts';
import { willPrune } from './prune-waves.ts';

/** What a task will do: `keep` is an object that is not in the source any more and stays, `none` one that is in order. */
export type PlannedAction = 'create' | 'change' | 'replace' | 'run' | 'prune' | 'keep' | 'none';

export interface PlannedTask {
  group: string;
  version: string;
  kind: string;
  namespace: string;
  name: string;
  action: PlannedAction;
  hook?: HookType;
  /** Why it stands where it stands. */
  reason: string;
  /** Field by field, of a change. */
  differences?: readonly FieldDifference[];
}

/** A plan as people and programs see it before it runs. */
export interface PlanPreview {
  /** Names this very plan: the same sources, options and live objects. */
  hash: string;
  revisions: readonly string[];
  phases: readonly {
    phase: SyncPhase;
    waves: readonly { wave: number; waitsFor: string; tasks: readonly PlannedTask[] }[];
  }[];
  /** What can never be applied, and why. */
  invalid: readonly (Pick<PlannedTask, 'group' | 'kind' | 'namespace' | 'name'> & { message: string })[];
  /** By what each task is recognised, to say later what has changed. */
  parts: Readonly<Record<string, string>>;
}

export interface PreviewFacts {
  request: SyncRequest;
  revisions: readonly string[];
  differencesOf(task: SyncTask): readonly FieldDifference[];
}

/** The preview of a plan. Pure. */
export function previewPlan(plan: SyncPlan, facts: PreviewFacts): PlanPreview {
  const { request, revisions } = facts;
  const tasks = plan.phases.flatMap(({ waves }) => waves.flatMap((wave) => wave.tasks));
  const parts = Object.fromEntries(tasks.map((task) => [partName(task, request), partDigest(task, request)]));
  const { prune, strategy, force, resources, syncOptions } = request;
  const asked = { prune, strategy, force, resources: resources ?? [], syncOptions };
  let before = '';
  const phases = plan.phases.map(({ phase, waves }) => ({
    phase,
    waves: waves.map(({ wave, tasks: members }) => {
      const waitsFor = before && phase !== 'SyncFail' ? `${before} to be healthy, and hooks to complete` : '';
      before = `wave ${wave} of phase ${phase}`;
      return {
        wave,
        waitsFor: phase === 'SyncFail' ? 'a failure of what is before' : waitsFor,
        tasks: members.map((task) => plannedTask(task, facts)),
      };
    }),
  }));
  const invalid = plan.invalid.map(({ task: { key }, message }) => ({ ...key, message }));
  return { hash: digest(stringifyJson([revisions, asked, parts] as never)), revisions, phases, invalid, parts };
}

/** What differs between two plans, one line an object; also the revision. Empty where they are one and the same. */
export function changedSince(before: PlanPreview, after: PlanPreview): string[] {
  if (before.hash === after.hash) return [];
  const moved = before.revisions.join() !== after.revisions.join();
  const lines = moved ? [`revision ${before.revisions.join(', ')} → ${after.revisions.join(', ')}`] : [];
  for (const [name, part] of Object.entries(after.parts)) {
    if (before.parts[name] === undefined) lines.push(`${name} is new in the plan`);
    else if (before.parts[name] !== part) lines.push(`${name} has changed`);
  }
  for (const name of Object.keys(before.parts)) {
    if (after.parts[name] === undefined) lines.push(`${name} is no longer in the plan`);
  }
  return lines.length > 0 ? lines : ['the options of the sync are others'];
}

function plannedTask(task: SyncTask, { request, differencesOf }: PreviewFacts): PlannedTask {
  const action = plannedAction(task, request);
  const differences = action === 'change' || action === 'replace' ? differencesOf(task) : [];
  return {
    ...task.key,
    version: task.version,
    action,
    ...(task.hook ? { hook: task.hook } : {}),
    reason: task.reason,
    ...(differences.length > 0 ? { differences } : {}),
  };
}

function plannedAction(task: SyncTask, request: SyncRequest): PlannedAction {
  if (task.action === 'prune') return willPrune(task, request) ? 'prune' : 'keep';
  if (task.hook) return 'run';
  if (!needsWrite(task)) return 'none';
  if (!task.live) return 'create';
  return task.options.replace ? 'replace' : 'change';
}

/** Hooks whose name is generated carry the start of the operation in it, which another run has otherwise. */
function withoutStart(text: string, { startedAt }: SyncRequest): string {
  return text.replaceAll(new RegExp(`-${Math.floor(Date.parse(startedAt) / 1000)}(\\.\\d+)?`, 'g'), '');
}

function partName(task: SyncTask, request: SyncRequest): string {
  return withoutStart(
    `${task.phase} ${task.key.namespace ? `${task.key.namespace}/` : ''}${displayKey(task.key)}`,
    request,
  );
}

/** What a task will write, and over which version of the live object; of what is left alone just that it is. */
function partDigest(task: SyncTask, request: SyncRequest): string {
  const action = plannedAction(task, request);
  if (action === 'none' || action === 'keep') return action;
  const { uid, resourceVersion } = task.live?.object.metadata ?? {};
  const target = task.target ? withoutStart(stringifyJson(task.target as never), request) : '';
  const place = [keyString(task.key), task.phase, String(task.wave), action];
  return digest(
    stringifyJson([
      ...place.map((text) => withoutStart(text, request)),
      target,
      uid ?? '',
      task.hook ? '' : (resourceVersion ?? ''),
    ]),
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
