import { deepEqual, type KubeObject, type ManagedFieldsEntry, type ObjectMeta } from '@plumbline/manifests';
import type { LiveNode } from '../types.ts';

/** What a new version of an object means: nothing, its health and place in the tree only, or a reason to compare. */
export type Difference = 'none' | 'facts' | 'object';

/** Field ownership as a comparison sees it: without times, and without what status writers own. */
function ownership(entries: readonly ManagedFieldsEntry[] | undefined): unknown[] {
  return (entries ?? [])
    .filter(({ subresource }) => subresource !== 'status')
    .map(({ time: _time, ...entry }) => entry);
}

function comparableMetadata(metadata: ObjectMeta): Record<string, unknown> {
  const { resourceVersion: _version, generation: _generation, managedFields, ...rest } = metadata;
  return { ...rest, managedFields: ownership(managedFields) };
}

function compareObjects(before: KubeObject, after: KubeObject): Difference {
  const { metadata: metadataBefore, status: statusBefore, ...restBefore } = before;
  const { metadata: metadataAfter, status: statusAfter, ...restAfter } = after;
  if (!deepEqual(restBefore, restAfter)) return 'object';
  if (!deepEqual(comparableMetadata(metadataBefore), comparableMetadata(metadataAfter))) return 'object';
  return deepEqual(statusBefore, statusAfter) ? 'none' : 'facts';
}

function sameFacts(before: LiveNode, after: LiveNode): boolean {
  return (
    before.deletionTimestamp === after.deletionTimestamp &&
    deepEqual(before.health, after.health) &&
    deepEqual(before.images, after.images) &&
    deepEqual(before.info, after.info) &&
    deepEqual(before.owners, after.owners) &&
    deepEqual(before.networkingInfo, after.networkingInfo)
  );
}

/** Compares two versions of one object (same uid). */
export function compareNodes(before: LiveNode, after: LiveNode): Difference {
  if (before.application !== after.application || Boolean(before.object) !== Boolean(after.object)) return 'object';
  if (before.object && after.object) {
    const difference = compareObjects(before.object, after.object);
    // The rules of health may have changed where nothing else has.
    return difference === 'none' && !deepEqual(before.health, after.health) ? 'facts' : difference;
  }
  return sameFacts(before, after) ? 'none' : 'facts';
}
