import type { OperationState, ResourceStatus, SyncOperationResource } from '@plumbline/apis';

/** How fast repeated self-heals of one state follow each other (reference §4.3). */
export interface SelfHealSettings {
  /** Pause before heal n + 1 after heal n: first · factor^(n − 1), at most `capMs`. */
  firstMs: number;
  factor: number;
  capMs: number;
  /** So many heals in a row go without a pause, so that several drifts by hand are each healed at once. */
  freeAttempts: number;
  /** Used in place of the growing pause where the back-off is switched off. */
  fixedMs?: number;
}

export const selfHealDefaults: SelfHealSettings = { firstMs: 2_000, factor: 3, capMs: 300_000, freeAttempts: 3 };

/** By so much, ms, a time may lie in the future that was just written in whole seconds. */
const clockToleranceMs = 5_000;

/** The next heal: which in the row it is, what it syncs, and how long to wait first. */
export interface SelfHeal {
  attempt: number;
  delayMs: number;
  /** Empty = everything. */
  resources: SyncOperationResource[];
}

/**
 * Only what drifted is synced, without hooks. Attempts are counted from one heal to the next and forgotten when nothing
 * had to be healed for as long as the longest pause.
 */
export function nextHeal(
  drifted: readonly ResourceStatus[],
  last: OperationState,
  { settings, now }: { settings: SelfHealSettings; now: number },
): SelfHeal {
  const finished = last.finishedAt === undefined ? now : Date.parse(last.finishedAt);
  const quiet = now - finished;
  const made = quiet >= settings.capMs ? 0 : (last.operation.sync?.autoHealAttemptsCount ?? 0);
  // The end of the last one is still to come where another clock wrote it: no reason to wait for that clock's time.
  const delayMs = quiet < -clockToleranceMs ? 0 : Math.max(0, pauseAfter(made, settings) - quiet);
  return {
    attempt: made + 1,
    delayMs,
    resources: drifted.map(identity),
  };
}

function pauseAfter(made: number, { firstMs, factor, capMs, freeAttempts, fixedMs }: SelfHealSettings): number {
  if (fixedMs !== undefined) return fixedMs;
  if (made < freeAttempts) return 0;
  return Math.min(capMs, firstMs * factor ** (made - 1));
}

function identity({ group, kind, name, namespace }: ResourceStatus): SyncOperationResource {
  return {
    ...(group ? { group } : {}),
    kind: kind ?? '',
    name: name ?? '',
    ...(namespace ? { namespace } : {}),
  };
}
