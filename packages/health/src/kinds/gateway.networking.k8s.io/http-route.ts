import type { HealthCheck } from '../../health-check.ts';
import { routeHealth } from './route-health.ts';

/** Each parent must accept the route. */
export const httpRoute: HealthCheck = routeHealth({ onlyCurrent: true });
