import type { Application, AppProject } from '@plumbline/apis';
import type { LiveChange } from '@plumbline/cluster';
import { applicationKey } from './application-store.ts';
import { listing, watchingOrphans, withNamespace } from './concerned-applications.ts';
import { type Level, levels } from './queue/keyed-queue.ts';

/**
 * How long a settled Application is left alone when another has taken an object over from it, ms: an object that moves in
 * one commit is taken over before its former owner has seen the commit, and the owner of a moment ago is not to raise an
 * alarm about that, nor to hold up a parent that waits for its health.
 */
export const takeOverPatienceMs = 10_000;

/** A pass that a change of live objects asks for. */
export interface Wake {
  key: string;
  level: Level;
  /** How long to wait for it, ms. */
  ms: number;
}

/** What {@link wakesOf} knows of the control plane. */
export interface WakeContext {
  list(): Iterable<Application>;
  get(key: string): Application | undefined;
  project(name: string): AppProject | undefined;
}

/**
 * The passes that a change asks for.
 *
 * @param keys of the Applications that the change names
 */
export function wakesOf(change: LiveChange, keys: readonly string[], context: WakeContext): Wake[] {
  if (change.applications.size === 0) return nameless(change, context);
  // The state of an Application is that of its managed objects: what happens below them is for its tree only.
  if (change.below) return [];
  const level = change.managed ? levels.compare : levels.tree;
  const patience = (key: string) => (change.takenOver && isSettled(context.get(key)) ? takeOverPatienceMs : 0);
  return keys.map((key) => ({ key, level, ms: patience(key) }));
}

/** Changes that concern Applications without naming them. */
function nameless(change: LiveChange, context: WakeContext): Wake[] {
  const all = [...context.list()];
  const orphaned = watchingOrphans(change, all, (name) => context.project(name));
  const concerned = new Set([...listing(change, all), ...orphaned, ...withNamespace(change, all)]);
  return [...concerned].map((app) => ({ key: applicationKey(app), level: levels.compare, ms: 0 }));
}

/** Nothing is under way: no operation, no deletion, and no difference that a taken-over object could be the last of. */
function isSettled(app: Application | undefined): boolean {
  if (!app || app.metadata.deletionTimestamp || app.operation) return false;
  const { sync, operationState } = app.status ?? {};
  return sync?.status === 'Synced' && operationState?.phase !== 'Running' && operationState?.phase !== 'Terminating';
}
