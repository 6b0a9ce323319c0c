import type { ApplicationSource, AppProject } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';

/** The keys of which one must have signed what the project's Applications deploy (reference §7.9). */
export function requiredSigners(project: AppProject | undefined): string[] {
  return (project?.spec.signatureKeys ?? []).map(({ keyID }) => keyID);
}

/**
 * Refuses sources of a project that wants signatures, because no part of the engine verifies them: what was not verified
 * is never compared or applied. Throws `TARGET_UNVERIFIED`, which names revisions and keys.
 */
export function refuseUnverified(project: AppProject | undefined, sources: readonly ApplicationSource[]): void {
  const keys = requiredSigners(project);
  if (keys.length === 0) return;
  const revisions = sources.map(({ repoURL, targetRevision }) => `${targetRevision || 'HEAD'} of ${repoURL}`);
  const text = `project ${project?.metadata.name} wants a signature by one of the keys ${keys.join(', ')}, and that of revision ${revisions.join(', ')} is not verified`;
  throw new PlumblineError('TARGET_UNVERIFIED', text, {
    hint: 'GPG signatures cannot be verified yet: take signatureKeys out of the project only if unsigned commits may be deployed',
  });
}
