import { type HealthCheckEntries, sameFor } from '../../entries.ts';
import { firstOf, readiness } from '../../steps.ts';

/** The kinds of cert-manager before 0.11. */
export const oldCertManagerChecks: HealthCheckEntries = sameFor(
  'certmanager.k8s.io',
  ['Certificate', 'ClusterIssuer', 'Issuer'],
  firstOf('Waiting for cert-manager', readiness()),
);
