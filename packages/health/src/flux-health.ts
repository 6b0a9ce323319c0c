import type { HealthCheck } from './health-check.ts';
import { conditionsOf, trueAt } from './read.ts';
import { degraded, healthy, progressing, suspended } from './verdict.ts';

interface FluxOptions {
  /** Conditions of which one must hold besides Ready. */
  also?: readonly string[];
  /** Reasons of Reconciling for which an object that is not Ready counts as on its way; default: it says Unknown itself. */
  while?: readonly string[];
  /** Whether `spec.suspend` suspends; default true. */
  suspends?: boolean;
}

/**
 * Objects of Flux are Ready, on their way (Ready is not decided and they are Reconciling), or failed. The reason of Ready
 * is what their users know them by.
 */
export function fluxHealth({ also = [], while: reasons, suspends = true }: FluxOptions = {}): HealthCheck {
  return (object) => {
    if (suspends && trueAt(object, 'spec', 'suspend')) return suspended(`${object.kind} is suspended`);
    const conditions = conditionsOf(object);
    if (conditions.length === 0) return progressing('Waiting for a status');
    const ready = conditions.find(({ type }) => type === 'Ready');
    const reconciling = conditions.some(
      ({ type, status, reason }) =>
        type === 'Reconciling' && status === 'True' && (reasons === undefined || reasons.includes(reason)),
    );
    const undecided = ready?.status === (reasons === undefined ? 'Unknown' : 'False');
    if (undecided && reconciling) return progressing(ready.reason);
    const complete =
      also.length === 0 || conditions.some(({ type, status }) => also.includes(type) && status === 'True');
    return ready?.status === 'True' && complete ? healthy(ready.reason) : degraded(ready?.reason);
  };
}
