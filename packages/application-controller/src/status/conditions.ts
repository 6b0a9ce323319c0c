import type { ApplicationCondition } from '@plumbline/apis';

/** A condition before it is stamped. */
export interface Finding {
  type: string;
  message: string;
}

/**
 * The conditions to write: those of this pass, sorted by type, each keeping its time while type and message stay the
 * same (reference §1.5).
 */
export function stampConditions(
  findings: readonly Finding[],
  former: readonly ApplicationCondition[],
  now: string,
): ApplicationCondition[] {
  const stamped = findings.map(({ type, message }) => {
    const same = former.find((condition) => condition.type === type && condition.message === message);
    return { type, message, lastTransitionTime: same?.lastTransitionTime ?? now };
  });
  return stamped.sort((a, b) => a.type.localeCompare(b.type) || a.message.localeCompare(b.message));
}
