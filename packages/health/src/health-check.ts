import type { KubeObject } from '@plumbline/manifests';
import type { HealthStatus } from './types.ts';

/** Assesses one live object of the kind it is registered for. Pure and total: never throws on odd objects. */
export type HealthCheck = (object: KubeObject) => HealthStatus;
