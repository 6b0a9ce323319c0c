import type { HealthCheck } from '../health-check.ts';
import { conditionOf, conditionsOf } from '../read.ts';
import { degraded, healthy, progressing } from '../verdict.ts';

/** Healthy as soon as the API server serves the kind; Degraded when its names are taken or its schema is refused. */
export const customResourceDefinition: HealthCheck = (object) => {
  const holds = (type: string) => conditionOf(object, type)?.status === 'True';
  if (holds('Terminating')) return progressing('The definition is being deleted');
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.status === 'False') return degraded(`The names of the definition are not accepted: ${names.message}`);
  const schema = conditionOf(object, 'NonStructuralSchema');
  if (schema?.status === 'True') return degraded(`The schema of the definition is not structural: ${schema.message}`);
  if (holds('Established')) return healthy('The definition is established');
  const established = conditionOf(object, 'Established');
  return conditionsOf(object).length === 0 || established?.reason === 'Installing'
    ? progressing('Waiting for the definition to be established')
    : degraded(
        `The definition is not established: ${established?.message || established?.reason || 'for no known reason'}`,
      );
};
