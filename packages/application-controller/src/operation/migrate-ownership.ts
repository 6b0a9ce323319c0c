import type { KubeClient } from '@plumbline/cluster';
import { isFormerApply } from '@plumbline/diff';
import { hasCode } from '@plumbline/errors';
import { type KubeObject, keyOf, type ManagedFieldsEntry } from '@plumbline/manifests';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';

/** Managers whose client-side apply we take over from: kubectl, and Argo CD's own; `isFormerApply` has the name of its older versions. */
const clientSide: readonly string[] = ['kubectl-client-side-apply', fieldManager];

/** How often an object that keeps changing is tried. */
const attempts = 4;

/**
 * Hands the fields that a client-side apply owns to our server-side apply, so that a field that leaves Git leaves the
 * cluster (Kubernetes: "Migrating from client-side apply to server-side apply"). Nothing to do for most objects. One that
 * its controller has changed meanwhile is read again.
 * @param managers further managers of client-side applies
 */
export async function migrateOwnership(
  live: KubeObject,
  client: KubeClient,
  managers: readonly string[] = [],
): Promise<void> {
  const theirs = isClientSide([...clientSide, ...managers]);
  let current: KubeObject | null = live;
  for (let attempt = 1; current && attempt <= attempts; attempt += 1) {
    const entries: readonly ManagedFieldsEntry[] = current.metadata.managedFields ?? [];
    if (!entries.some(theirs) || (await writeEntries(current, migrated(entries, managers), client))) return;
    current = await client.find(refOf(keyOf(live), live.apiVersion));
  }
}

/** Whether {@link migrateOwnership} has something to take over. */
export function hasFormerFields(live: KubeObject, managers: readonly string[] = []): boolean {
  return live.metadata.managedFields?.some(isClientSide([...clientSide, ...managers])) === true;
}

/**
 * The other direction: what our server-side apply owns is from now on as if a client-side apply of ours had written it,
 * so that a later patch can take it away. The object as it is then.
 */
export async function handBack(live: KubeObject, client: KubeClient): Promise<KubeObject> {
  const entries = live.metadata.managedFields ?? [];
  if (!entries.some(isOurApply)) return live;
  return (await writeEntries(live, handedBack(entries), client)) ?? live;
}

/** Written only to the version that it was computed from; somebody who was faster is no trouble. */
async function writeEntries(live: KubeObject, entries: readonly ManagedFieldsEntry[], client: KubeClient) {
  const patch = [
    { op: 'replace', path: '/metadata/managedFields', value: entries },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ];
  try {
    return await client.patch(refOf(keyOf(live), live.apiVersion), patch, { type: 'json', fieldManager });
  } catch (error) {
    if (!hasCode(error, 'KUBE_CONFLICT') && !hasCode(error, 'KUBE_NOT_FOUND')) throw error;
    return undefined;
  }
}

/** The entries with those of client-side applies merged into one Apply entry of ours. */
export function migrated(
  entries: readonly ManagedFieldsEntry[],
  managers: readonly string[] = [],
): ManagedFieldsEntry[] {
  const theirs = isClientSide([...clientSide, ...managers]);
  return merged(entries, (entry) => theirs(entry) || isOurApply(entry), 'Apply');
}

/** The entries with our Apply and our Update merged into one Update entry. */
export function handedBack(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  const ours = isClientSide([fieldManager]);
  return merged(entries, (entry) => ours(entry) || isOurApply(entry), 'Update');
}

function merged(
  entries: readonly ManagedFieldsEntry[],
  concerns: (entry: ManagedFieldsEntry) => boolean,
  operation: 'Apply' | 'Update',
): ManagedFieldsEntry[] {
  const ours = entries.filter(concerns);
  const [first] = ours;
  if (!first) return [...entries];
  const fieldsV1 = ours.reduce<Record<string, unknown>>((union, entry) => unite(union, entry.fieldsV1 ?? {}), {});
  const others = entries.filter((entry) => !ours.includes(entry));
  return [...others, { ...first, manager: fieldManager, operation, fieldsV1 }];
}

function isClientSide(managers: readonly string[]) {
  return (entry: ManagedFieldsEntry): boolean =>
    isFormerApply(entry) ||
    (entry.operation === 'Update' && !entry.subresource && managers.includes(entry.manager ?? ''));
}

/** Whether the entry is that of our server-side apply. */
export function isOurApply(entry: ManagedFieldsEntry): boolean {
  return entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource;
}

function unite(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const union = { ...a };
  for (const [name, value] of Object.entries(b)) {
    union[name] = unite((union[name] ?? {}) as Record<string, unknown>, value as Record<string, unknown>);
  }
  return union;
}
