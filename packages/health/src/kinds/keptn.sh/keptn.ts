import { type HealthCheckEntries, sameFor } from '../../entries.ts';
import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const ended = (field: string) =>
  firstOf('Waiting for Keptn', byWord(['status', field], { Succeeded: 'Healthy', Failed: 'Degraded' }));

const analysis: HealthCheck = (object) => {
  const { pass, warning } = fieldsAt(object, 'status');
  if (pass === true) return healthy('Passed');
  if (warning === true) return healthy('Passed with warnings');
  return pass === false ? degraded('Not passed') : progressing('Waiting for the analysis');
};

const metric: HealthCheck = (object) => {
  const error = textAt(object, 'status', 'errMsg');
  if (error) return degraded(error);
  return fieldsAt(object, 'status')['value'] === undefined ? progressing('Waiting for a value') : healthy();
};

/** Keptn's lifecycle and metrics. */
export const keptnChecks: HealthCheckEntries = [
  ...sameFor(
    'lifecycle.keptn.sh',
    ['KeptnAppVersion', 'KeptnTask', 'KeptnWorkloadInstance', 'KeptnWorkloadVersion'],
    ended('status'),
  ),
  ['lifecycle.keptn.sh/KeptnEvaluation', ended('overallStatus')],
  ['metrics.keptn.sh/Analysis', analysis],
  ['metrics.keptn.sh/KeptnMetric', metric],
];
