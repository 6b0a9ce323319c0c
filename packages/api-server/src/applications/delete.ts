import { type Application, finalizers } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import { apiFailure } from '../http/api-failure.ts';
import { patchApplication } from './change.ts';
import { type ApplicationName, type ApplicationParts, askedRef } from './lookup.ts';

/** Cascade finalizers, any of which deletes the managed objects first (reference §1.6). */
const cascading: readonly string[] = [
  finalizers.resources,
  finalizers.resourcesForeground,
  finalizers.resourcesBackground,
];

export interface DeleteRequest {
  cascade: boolean;
  propagationPolicy?: string | undefined;
}

function finalizerFor(policy: string | undefined): string | undefined {
  switch (policy?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'foreground':
      return finalizers.resourcesForeground;
    case 'background':
      return finalizers.resourcesBackground;
    default:
      throw apiFailure('InvalidArgument', `invalid propagation policy: ${policy} (use foreground or background)`);
  }
}

/** The finalizers an Application must have for the deletion asked for. Without a policy a cascade keeps the one it has. */
export function finalizersForDelete(current: readonly string[], request: DeleteRequest): string[] {
  const wanted = finalizerFor(request.propagationPolicy);
  const others = current.filter((name) => !cascading.includes(name));
  if (!request.cascade) {
    if (wanted) throw apiFailure('InvalidArgument', 'cannot set a propagation policy when cascading is disabled');
    return others;
  }
  if (wanted) return [...others, wanted];
  return current.some((name) => cascading.includes(name)) ? [...current] : [...current, finalizers.resources];
}

const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, index) => name === b[index]);

/** Sets the finalizers, then deletes. An Application that is being deleted already is left to it. */
export async function deleteApplication(
  parts: ApplicationParts,
  asked: ApplicationName,
  request: DeleteRequest,
): Promise<void> {
  const patchOf = (fresh: Application) => {
    const now = fresh.metadata.finalizers ?? [];
    const next = finalizersForDelete(now, request);
    // Kubernetes forbids new finalizers once the deletion has begun.
    const frozen = fresh.metadata.deletionTimestamp !== undefined && request.cascade;
    return frozen || equal(now, next) ? undefined : { metadata: { finalizers: next } };
  };
  const { metadata } = await patchApplication(parts, asked, patchOf);
  if (metadata.deletionTimestamp) return;
  const options = { propagationPolicy: 'Background' as const, ...(metadata.uid ? { uid: metadata.uid } : {}) };
  const left = await parts.client.delete(askedRef(parts, asked), options).catch((error: unknown) => {
    if (hasCode(error, 'KUBE_NOT_FOUND')) return null;
    throw error;
  });
  if (left?.kind === 'Application') parts.cache.observe(left);
}
