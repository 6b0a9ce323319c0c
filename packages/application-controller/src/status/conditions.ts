import type { ApplicationCondition } from '@plumbline/apis';

/** A condition before it is stamped. */
export interface Finding {
  type: string;
  message: string;
}

/**
 * The conditions to write: those of this pass, sorted by type, each keeping its time while type and message stay the
 * same (reference §1.5). Types in `untouched` are taken over: this pass did not look at what they are about.
 */
export function stampConditions(
  findings: readonly Finding[],
  former: readonly ApplicationCondition[],
  options: { now: string; untouched: ReadonlySet<string> },
): ApplicationCondition[] {
  const kept = former.filter((condition) => options.untouched.has(condition.type));
  const stamped = findings
    .filter((finding) => !options.untouched.has(finding.type))
    .map(({ type, message }) => {
      const same = former.find((condition) => condition.type === type && condition.message === message);
      return { type, message, lastTransitionTime: same?.lastTransitionTime ?? options.now };
    });
  return [...kept, ...stamped].sort((a, b) => a.type.localeCompare(b.type) || a.message.localeCompare(b.message));
}
