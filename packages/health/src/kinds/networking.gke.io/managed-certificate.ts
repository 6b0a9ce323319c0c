import type { HealthCheck } from '../../health-check.ts';
import { listAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether every domain is covered. */
export const managedCertificate: HealthCheck = (object) => {
  const failed = listAt(object, 'status', 'domainStatus').find((domain) => domain['status'] === 'FailedNotVisible');
  if (failed) return degraded(`${textAt(failed, 'domain')} cannot be seen from outside`);
  return textAt(object, 'status', 'certificateStatus') === 'Active'
    ? healthy('All domains are covered')
    : progressing('Waiting for the certificate');
};
