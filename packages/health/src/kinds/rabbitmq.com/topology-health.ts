import type { HealthCheck } from '../../health-check.ts';
import { conditionOf } from '../../read.ts';
import { degraded, healthy, unknown } from '../../verdict.ts';

/** What the topology operator says of an object inside a broker: its last write worked, failed, or is not known. */
export function topologyHealth(what: string): HealthCheck {
  return (object) => {
    const ready = conditionOf(object, 'Ready');
    if (ready?.status === 'True' && ready.reason === 'SuccessfulCreateOrUpdate') return healthy(`The ${what} is ready`);
    if (ready?.status === 'False' && ready.reason === 'FailedCreateOrUpdate') {
      return degraded(ready.message || `The ${what} could not be created or updated`);
    }
    return unknown(`The broker has not told of the ${what} yet`);
  };
}
