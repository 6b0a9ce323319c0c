import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { degraded, healthy, progressing, unknown } from '../../verdict.ts';

/** Taken over, announced, and found again. */
export const dnssdServiceInstance: HealthCheck = (object) => {
  const last = (type: string) => conditionsOf(object).findLast((condition) => condition.type === type);
  const [adopted, advertised, found] = [last('Adopted'), last('Advertised'), last('Discoverable')];
  if (adopted?.status === 'False') return degraded(adopted.message);
  if (/^(Una|A)dvertiseError$/.test(advertised?.reason ?? '')) return degraded(advertised?.message);
  if (found?.reason === 'DiscoveryError') return unknown(found.message);
  return found?.status === 'True' ? healthy(found.message) : progressing(found?.message);
};
