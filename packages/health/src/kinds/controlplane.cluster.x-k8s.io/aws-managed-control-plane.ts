import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf, listAt, numberAt, textAt, toCondition } from '../../read.ts';
import { explain, firstOf, type Step } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Only a reconciliation without errors notes the generation; what is said about an older spec no longer counts. */
const unseen: Step = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const current = seen === undefined || seen === (numberAt(object, 'metadata', 'generation') ?? seen);
  return current ? undefined : progressing('Waiting for the spec to be seen');
};

/** A failure that waiting does not mend. */
const failed: Step = (object) => {
  const message = textAt(object, 'status', 'failureMessage');
  return message ? degraded(message) : undefined;
};

/** While EKS updates the control plane, it stays ready. */
const settled: Step = (object) => {
  const holds = (type: string) => conditionsOf(object).some((entry) => entry.type === type && entry.status === 'True');
  if (holds('EKSControlPlaneUpdating')) return progressing('EKS updates the control plane');
  if (holds('Ready')) return healthy();
  const errors = listAt(object, 'status', 'conditions')
    .filter((entry) => entry['severity'] === 'Error')
    .map(toCondition)
    .filter(({ status }) => status === 'False');
  return errors.length > 0 ? degraded(errors.map(explain).join(' ')) : undefined;
};

/** Control planes of EKS by Cluster API. */
export const awsManagedControlPlane: HealthCheck = firstOf('Waiting for the control plane', unseen, failed, settled);
