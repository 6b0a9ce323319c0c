import type { HealthCheck } from '../../health-check.ts';
import { snapshotHealth } from './snapshot-health.ts';

/** Whether the snapshot can be restored. */
export const volumeSnapshotContent: HealthCheck = snapshotHealth;
