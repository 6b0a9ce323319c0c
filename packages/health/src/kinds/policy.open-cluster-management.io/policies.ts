import type { HealthCheck } from '../../health-check.ts';
import { conditionOf, fieldsAt, listAt, numberAt, textAt, toCondition } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const waiting = 'Waiting for the report';

/** Whether every certificate found complies. */
export const certificatePolicy: HealthCheck = (object) => {
  const compliant = textAt(object, 'status', 'compliant');
  if (compliant === '') return progressing(waiting);
  return compliant === 'Compliant' ? healthy() : degraded('A certificate does not comply with the policy');
};

/** Whether what the policy names complies; its details say why. */
export const configurationPolicy: HealthCheck = (object) => {
  const compliant = textAt(object, 'status', 'compliant');
  const seen = numberAt(object, 'status', 'lastEvaluatedGeneration') === numberAt(object, 'metadata', 'generation');
  const known = fieldsAt(object, 'status')['compliancyDetails'] !== undefined;
  if (compliant === '' || !seen || !known) return progressing(waiting);
  const message = listAt(object, 'status', 'compliancyDetails')
    .flatMap((detail) => listAt(detail, 'conditions').map(toCondition))
    .map((condition) => `${condition.type}: ${condition.message}`)
    .join('; ');
  return compliant === 'Compliant' ? healthy(message) : degraded(message);
};

/** Whether the operator is as the policy wants it. */
export const operatorPolicy: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const compliant = conditionOf(object, 'Compliant');
  const current = seen === undefined || seen === numberAt(object, 'metadata', 'generation');
  if (!compliant || !current) return progressing(waiting);
  return compliant.status === 'True' ? healthy(compliant.message) : degraded(compliant.message);
};
