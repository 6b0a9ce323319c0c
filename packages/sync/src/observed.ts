import type { HealthStatus } from '@plumbline/health';
import type { KubeObject, ResourceKey } from '@plumbline/manifests';

/** One object in the cluster as a step sees it; a `LiveNode` of @plumbline/cluster fits. */
export interface ObservedObject {
  uid?: string | undefined;
  deletionTimestamp?: string | undefined;
  health: HealthStatus | undefined;
  /** Read for its finalizers only. */
  object?: KubeObject | undefined;
}

/** The cluster at the moment of a step. Must not be older than the answers to the actions of the steps before. */
export interface ObservedState {
  live(key: ResourceKey): ObservedObject | undefined;
  /** Epoch ms. */
  now: number;
  /** The Application's `deletion-approved` annotation, RFC 3339. */
  deletionApproved?: string | undefined;
}

/** Whether an approval is there and not older than what it approves (both RFC 3339). */
export function isApproved(approval: string | undefined, since: string): boolean {
  if (!approval) return false;
  return Date.parse(approval) >= Date.parse(since);
}
