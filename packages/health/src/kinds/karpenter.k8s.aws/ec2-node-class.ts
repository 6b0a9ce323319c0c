import type { HealthCheck } from '../../health-check.ts';
import { firstOf, readiness } from '../../steps.ts';

/** Whether images, subnets and roles of the class are resolved. */
export const ec2NodeClass: HealthCheck = firstOf('Waiting for the node class to be resolved', readiness());
