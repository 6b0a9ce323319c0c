import type { HealthStatusCode } from './types.ts';

/** Best to worst (reference §1.5). An Application shows the worst of its resources. */
export const healthOrder: readonly HealthStatusCode[] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

/** The worse of two codes. */
export function worse(a: HealthStatusCode, b: HealthStatusCode): HealthStatusCode {
  return isWorse(b, a) ? b : a;
}

/** Whether `candidate` is strictly worse than `than`. */
export function isWorse(candidate: HealthStatusCode, than: HealthStatusCode): boolean {
  return healthOrder.indexOf(candidate) > healthOrder.indexOf(than);
}

/** Whether a value from outside names a health. */
export function isHealthStatusCode(value: unknown): value is HealthStatusCode {
  return healthOrder.some((code) => code === value);
}
