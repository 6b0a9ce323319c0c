import type { HealthCheck } from './health-check.ts';

/** Registry entries: a kind as `group/Kind`, and its check. */
export type HealthCheckEntries = readonly (readonly [kind: string, check: HealthCheck])[];

/** One check for several kinds of a group. */
export function sameFor(group: string, kinds: readonly string[], check: HealthCheck): HealthCheckEntries {
  return kinds.map((kind) => [`${group}/${kind}`, check] as const);
}
