import { type Application, ownAnnotations, parseDuration } from '@plumbline/apis';
import { currently, momentAt } from '../moment.ts';
import type { Pass } from '../pass.ts';

/** How long something may stand in the way of a deletion, unless the Application says otherwise. */
export const deletionTimeoutMs = 600_000;

/** In every condition about a hindrance, and in no other. */
export const deadlineWords = 'the Application is let go';

/**
 * When an Application whose deletion is hindered is let go, ms since the epoch: its annotation, or
 * {@link deletionTimeoutMs}, after the hindrance began. A restart remembers that by the condition. Undefined: never.
 */
export function deletionDeadline(
  { app, runtime, steady }: Pass,
  { messages, timeoutMs = deletionTimeoutMs }: { messages: readonly string[]; timeoutMs?: number },
  now: number,
): number | undefined {
  const shown = (app.status?.conditions ?? []).filter(
    ({ type, message }) => type === 'DeletionError' && message?.includes(deadlineWords),
  );
  const written = shown.map(({ lastTransitionTime }) => Date.parse(lastTransitionTime ?? '')).filter(Number.isFinite);
  const clocks = { now, steady: steady() };
  const known = runtime.hindrance?.since;
  const since = known ? currently(known, clocks) : momentAt(Math.min(now, ...written), clocks);
  runtime.hindrance = { since, messages };
  const timeout = deletionTimeout(app, timeoutMs);
  return timeout === 0 ? undefined : since.at + timeout;
}

/** How long something may stand in the way of the deletion of an Application, by its own word or by default, ms; 0 is for ever. */
export function deletionTimeout({ metadata }: Application, byDefault = deletionTimeoutMs): number {
  const text = metadata.annotations?.[ownAnnotations.deletionTimeout];
  if (text === undefined) return byDefault;
  try {
    return Math.max(0, parseDuration(text));
  } catch {
    return byDefault;
  }
}
