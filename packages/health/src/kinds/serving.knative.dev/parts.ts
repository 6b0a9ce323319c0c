import { type HealthCheckEntries, sameFor } from '../../entries.ts';
import { firstOf, readiness } from '../../steps.ts';

/** What a service of Knative consists of. */
export const knativePartChecks: HealthCheckEntries = sameFor(
  'serving.knative.dev',
  ['Configuration', 'Revision', 'Route'],
  firstOf('Waiting for Knative', readiness()),
);
