import type { Application } from '@plumbline/apis';

/** What `plumb app wait` waits for. */
export interface WaitFor {
  sync: boolean;
  health: boolean;
  operation: boolean;
  suspended: boolean;
  degraded: boolean;
  /** The dry source has been rendered into the branch that is synced. */
  hydrated: boolean;
}

/** Whether the wait is over; `failed` says why it can never end well. */
export type WaitVerdict =
  | { state: 'done' }
  | { state: 'waiting'; missing: string[] }
  | { state: 'failed'; reason: string };

const completed = new Set(['Succeeded', 'Failed', 'Error']);

/** Whether no operation is requested or runs. */
export function isIdle({ operation, status }: Application): boolean {
  return !operation && (!status?.operationState || completed.has(status.operationState.phase));
}

/** Whether nothing is to be hydrated, or the last hydration has ended well. */
function isHydrated({ spec, status }: Application): boolean {
  if (!spec.sourceHydrator) return true;
  const { sourceHydrator } = (status ?? {}) as { sourceHydrator?: { currentOperation?: { phase?: string } } };
  return sourceHydrator?.currentOperation?.phase === 'Hydrated';
}

/** The flags with their default: none given = sync, health and operation (reference §14). */
export function waitFor(flags: Partial<WaitFor>): WaitFor {
  const { sync = false, health = false, operation = false } = flags;
  const { suspended = false, degraded = false, hydrated = false } = flags;
  const others = { suspended, degraded, hydrated };
  const any = sync || health || operation || suspended || degraded || hydrated;
  return any ? { sync, health, operation, ...others } : { sync: true, health: true, operation: true, ...others };
}

/** Compares an Application with what is waited for. Any one of several healths is enough. */
export function waitVerdict(application: Application, wanted: WaitFor): WaitVerdict {
  const { sync, health } = application.status ?? {};
  const idle = isIdle(application);
  const healths = [
    ...(wanted.health ? ['Healthy'] : []),
    ...(wanted.suspended ? ['Suspended'] : []),
    ...(wanted.degraded ? ['Degraded'] : []),
  ];
  const now = health?.status ?? 'Unknown';
  if (healths.length > 0 && now === 'Degraded' && !wanted.degraded && idle) {
    return { state: 'failed', reason: `health is Degraded${health?.message ? `: ${health.message}` : ''}` };
  }
  const missing = [
    ...(wanted.operation && !idle ? ['the operation to end'] : []),
    ...(wanted.hydrated && !isHydrated(application) ? ['the hydration to end'] : []),
    ...(wanted.sync && sync?.status !== 'Synced' ? [`Synced (is ${sync?.status ?? 'Unknown'})`] : []),
    ...(healths.length > 0 && !healths.includes(now) ? [`${healths.join(' or ')} (is ${now})`] : []),
  ];
  return missing.length > 0 ? { state: 'waiting', missing } : { state: 'done' };
}
