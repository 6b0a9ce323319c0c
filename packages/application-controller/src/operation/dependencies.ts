import { dependenciesOf, dependencyCycle } from '@plumbline/access';
import { type Application, annotations, normalizeRepoURL, sourcesOf } from '@plumbline/apis';
import { deepEqual, type JsonValue } from '@plumbline/manifests';
import type { Pass } from '../pass.ts';
import { type HoldRule, hasBegun } from './hold.ts';

const checkMs = 1_000;

export interface DependencyOptions {
  get(key: string): Application | undefined;
  /** Asks for a comparison of that Application with what its sources have now. */
  refresh(key: string): void;
}

/**
 * An operation waits until the Applications that its own depends on are Synced and Healthy, and have seen the revision
 * that it is about where they come from the same branch. A cycle is refused: it would wait for ever.
 */
export function dependencyRule(options: DependencyOptions): HoldRule {
  return (pass, attempt, state) => {
    const names = dependenciesOf(pass.app);
    if (names.length === 0 || hasBegun(state)) return undefined;
    const cycle = dependencyCycle(pass.key, options.get);
    if (cycle) return { kind: 'refuse', message: `dependency cycle: ${cycle.join(' → ')}. Take one of them away` };
    const since = Date.parse(state.startedAt);
    const waits = names.flatMap((key) => {
      const why = whyNotReady(options.get(key), { pass, revisions: attempt.target.revisions, since });
      if (why === unseen) options.refresh(key);
      return why ? [`${key} ${why}`] : [];
    });
    if (waits.length === 0) return undefined;
    return { kind: 'wait', message: `waiting for dependencies: ${waits.join('; ')}`, ms: checkMs };
  };
}

/** That an Application has not seen the revision in question, or its own spec, yet. */
export const unseen = 'has not been compared with this revision yet';

export interface Needed {
  pass: Pass;
  revisions: readonly string[];
  /** Start of the operation, ms since the epoch. */
  since: number;
}

/** Why a dependency is not as it should be, or undefined where it is. */
export function whyNotReady(app: Application | undefined, needed: Needed): string | undefined {
  if (!app) return 'does not exist';
  const { status } = app;
  if (app.metadata.deletionTimestamp) return 'is being deleted';
  if (!hasSeen(app, needed)) return unseen;
  if (app.operation) return 'is being synced';
  if (status?.sync?.status !== 'Synced') return `is ${status?.sync?.status ?? 'Unknown'}`;
  return status.health?.status === 'Healthy' ? undefined : `is ${status.health?.status ?? 'Unknown'}`;
}

/** Whether the status of a dependency is about its spec as it is, and about the revision that is asked for or a later one. */
function hasSeen(app: Application, { pass, revisions, since }: Needed): boolean {
  if (!knowsItsSpec(app) || app.metadata.annotations?.[annotations.refresh] !== undefined) return false;
  if (Date.parse(app.status?.reconciledAt ?? '') > since) return true;
  const own = sourcesOf(app.spec);
  const { revision, revisions: many } = app.status?.sync ?? {};
  return pass.sources.every((source, index) =>
    own.every((other, at) => {
      const same =
        normalizeRepoURL(source.repoURL) === normalizeRepoURL(other.repoURL) &&
        !source.chart &&
        (source.targetRevision || 'HEAD') === (other.targetRevision || 'HEAD');
      return !same || (many?.[at] ?? revision) === revisions[index];
    }),
  );
}

/** Whether the last comparison of an Application was made with the sources that its spec has now. */
export function knowsItsSpec({ spec, status }: Application): boolean {
  const { source, sources } = status?.sync?.comparedTo ?? {};
  const compared = sources && sources.length > 0 ? sources : source ? [source] : [];
  return deepEqual(compared as unknown as JsonValue, sourcesOf(spec) as unknown as JsonValue);
}
