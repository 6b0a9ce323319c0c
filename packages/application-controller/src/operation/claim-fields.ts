import type { KubeClient } from '@plumbline/cluster';
import { fieldsOf, isHuman, ourApply, subtractFields } from '@plumbline/diff';
import { hasCode } from '@plumbline/errors';
import { type KubeObject, keyOf, type ManagedFieldsEntry } from '@plumbline/manifests';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';

/** Writes of a tool that brings objects and does not come back to them once Git has them. */
function isInstaller({ manager = '', subresource }: ManagedFieldsEntry): boolean {
  return !subresource && manager !== fieldManager && (manager === 'helm' || isHuman(manager));
}

/** The entries without what our apply owns in those of installers; undefined where there is nothing to take off. */
export function claimed(
  entries: readonly ManagedFieldsEntry[],
  ours: ManagedFieldsEntry,
): ManagedFieldsEntry[] | undefined {
  let changed = false;
  const left = entries.flatMap((entry) => {
    if (!isInstaller(entry)) return [entry];
    const rest = subtractFields(fieldsOf(entry), fieldsOf(ours));
    if (JSON.stringify(rest) === JSON.stringify(fieldsOf(entry))) return [entry];
    changed = true;
    return Object.keys(rest).length > 0 ? [{ ...entry, fieldsV1: rest }] : [];
  });
  return changed ? left : undefined;
}

/**
 * The first apply of an object that a person or Helm has made: what Git has of it is Git's alone from now on. A field that
 * two managers own would stay when it leaves Git. What Git does not have stays theirs.
 * @param applied the server's answer to the apply
 */
export async function claimFields(applied: KubeObject, client: KubeClient): Promise<KubeObject> {
  const ours = ourApply(applied, fieldManager);
  const entries = ours && claimed(applied.metadata.managedFields ?? [], ours);
  if (!entries) return applied;
  const patch = [
    { op: 'replace', path: '/metadata/managedFields', value: entries },
    { op: 'replace', path: '/metadata/resourceVersion', value: applied.metadata.resourceVersion },
  ];
  try {
    return await client.patch(refOf(keyOf(applied), applied.apiVersion), patch, { type: 'json', fieldManager });
  } catch (error) {
    // Somebody has written it meanwhile: its own fields are right all the same.
    if (!hasCode(error, 'KUBE_CONFLICT') && !hasCode(error, 'KUBE_NOT_FOUND')) throw error;
    return applied;
  }
}
