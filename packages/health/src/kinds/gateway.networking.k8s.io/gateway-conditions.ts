import { type Fields, listAt, toCondition } from '../../read.ts';
import type { HealthStatus } from '../../types.ts';
import { degraded, progressing } from '../../verdict.ts';

/**
 * What speaks against the part of a Gateway API status that holds these conditions: references that do not resolve, not
 * being accepted, not being programmed yet. Undefined: nothing does.
 */
export function gatewayConditions(part: unknown, where = ''): HealthStatus | undefined {
  const conditions = listAt(part, 'conditions').map(toCondition);
  for (const type of ['ResolvedRefs', 'Accepted']) {
    const failed = conditions.find((condition) => condition.type === type && condition.status === 'False');
    if (failed) return degraded(where + (failed.message || `${type} is False`));
  }
  const waiting = conditions.find(({ type, status }) => type === 'Programmed' && status !== 'True');
  return waiting ? progressing(where + (waiting.message || 'Waiting to be programmed')) : undefined;
}

/** Whether the conditions are about the newest spec; where no generation is told, they are taken to be. */
export function isCurrent(part: unknown, generation: number | undefined): boolean {
  const conditions: readonly Fields[] = listAt(part, 'conditions');
  if (generation === undefined) return true;
  return (
    conditions.length > 0 &&
    conditions.every(({ observedGeneration: seen }) => seen === undefined || Number(seen) === generation)
  );
}
