import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import { type KubeObject, keyOf, type ManagedFieldsEntry } from '@plumbline/manifests';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';

/** Managers whose client-side apply we take over from: kubectl, and Argo CD's own. */
const clientSide = new Set(['kubectl-client-side-apply', fieldManager]);

/**
 * Hands the fields that a client-side apply owns to our server-side apply, so that a field that leaves Git leaves the
 * cluster (Kubernetes: "Migrating from client-side apply to server-side apply"). Nothing to do for most objects.
 */
export async function migrateOwnership(live: KubeObject, client: KubeClient): Promise<void> {
  const entries = live.metadata.managedFields ?? [];
  if (!entries.some(isClientSide)) return;
  const ref = refOf(keyOf(live), live.apiVersion);
  const patch = [
    { op: 'replace', path: '/metadata/managedFields', value: migrated(entries) },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ];
  try {
    await client.patch(ref, patch, { type: 'json', fieldManager });
  } catch (error) {
    if (!hasCode(error, 'KUBE_CONFLICT') && !hasCode(error, 'KUBE_NOT_FOUND')) throw error;
  }
}

function isClientSide(entry: ManagedFieldsEntry): boolean {
  return entry.operation === 'Update' && !entry.subresource && clientSide.has(entry.manager ?? '');
}

/** The entries with those of client-side applies merged into one Apply entry of ours. */
export function migrated(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  const ours = entries.filter((entry) => isClientSide(entry) || isOurApply(entry));
  const [first] = ours;
  if (!first) return [...entries];
  const fieldsV1 = ours.reduce<Record<string, unknown>>((union, entry) => unite(union, entry.fieldsV1 ?? {}), {});
  const others = entries.filter((entry) => !ours.includes(entry));
  return [...others, { ...first, manager: fieldManager, operation: 'Apply', fieldsV1 }];
}

function isOurApply(entry: ManagedFieldsEntry): boolean {
  return entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource;
}

function unite(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const union = { ...a };
  for (const [name, value] of Object.entries(b)) {
    union[name] = unite((union[name] ?? {}) as Record<string, unknown>, value as Record<string, unknown>);
  }
  return union;
}
