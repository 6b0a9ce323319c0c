import type { HealthCheck } from '../../health-check.ts';
import { routeHealth } from './route-health.ts';

/** Each parent must accept the route. */
export const grpcRoute: HealthCheck = routeHealth({ onlyCurrent: false });
