import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** An installation waits while something is undecided or the conditions `waits` are False; else all `needed` ones must hold. */
export function knativeInstallation(options: { needed: readonly string[]; waits: readonly string[] }): HealthCheck {
  const { needed, waits } = options;
  return (object) => {
    const conditions = conditionsOf(object);
    if (conditions.length === 0) return progressing('Waiting for the installation');
    const waiting = conditions.find(
      ({ type, status }) => status === 'Unknown' || (status === 'False' && waits.includes(type)),
    );
    if (waiting) return progressing(`${waiting.type}: ${explain(waiting)}`);
    const lacking = needed.find((type) => !conditions.some((entry) => entry.type === type && entry.status === 'True'));
    return lacking ? degraded(`${lacking} does not hold`) : healthy('Everything is installed');
  };
}
