import type { HealthCheck } from '../health-check.ts';
import { listAt, textAt } from '../read.ts';
import { healthy, progressing } from '../verdict.ts';

/** Only a Service of type LoadBalancer has anything to wait for: its address. */
export const service: HealthCheck = (object) => {
  if (textAt(object, 'spec', 'type') !== 'LoadBalancer') return healthy();
  return listAt(object, 'status', 'loadBalancer', 'ingress').length > 0
    ? healthy()
    : progressing('Waiting for the load balancer to get an address');
};
