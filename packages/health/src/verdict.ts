import type { HealthStatus, HealthStatusCode } from './types.ts';

/** An assessment; an empty message is left out. */
export function verdict(status: HealthStatusCode, message: string | undefined): HealthStatus {
  return message ? { status, message } : { status };
}

export const healthy = (message?: string): HealthStatus => verdict('Healthy', message);
export const suspended = (message?: string): HealthStatus => verdict('Suspended', message);
export const progressing = (message?: string): HealthStatus => verdict('Progressing', message);
export const degraded = (message?: string): HealthStatus => verdict('Degraded', message);
export const unknown = (message?: string): HealthStatus => verdict('Unknown', message);
export const missing = (message?: string): HealthStatus => verdict('Missing', message);
