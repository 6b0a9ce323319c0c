import type { KubeObject, ManagedFieldsEntry } from '@plumbline/manifests';
import { fieldsOf, holdsPath, isClientSideApply, isOurApply } from './field-set.ts';

/** Field managers that a person drives by hand: kubectl's commands, terminals and dashboards. */
const interactive =
  /^(kubectl(-.+)?|oc|k9s|lens|openlens|freelens|node-fetch|mozilla|headlamp.*|octant|dashboard|kubernetes-dashboard|kui|curl|httpie|postmanruntime|python-requests|python-httpx|insomnia)$/i;

/** Whether a manager's writes are those of a person. */
export function isHuman(manager: string): boolean {
  return interactive.test(manager);
}

/** Who holds one field of a live object. */
interface Holders {
  /** Our server-side apply. */
  ours: ManagedFieldsEntry | undefined;
  /** A client-side apply, by a person or by an engine with our name. */
  clientSide: ManagedFieldsEntry | undefined;
  /** Everybody else, newest first; writers of the status only where there is nobody else. */
  others: readonly ManagedFieldsEntry[];
}

/** The managers whose field sets hold the path. */
export function holdersOf(live: KubeObject, path: readonly string[], manager: string): Holders {
  const holding = (live.metadata.managedFields ?? []).filter((entry) => holdsPath(live, fieldsOf(entry), path));
  const others = holding
    .filter((entry) => !isOurApply(entry, manager) && !isClientSideApply(entry, manager))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  const writers = others.filter((entry) => entry.subresource !== 'status');
  return {
    ours: holding.find((entry) => isOurApply(entry, manager)),
    clientSide: holding.find((entry) => isClientSideApply(entry, manager)),
    others: writers.length > 0 ? writers : others,
  };
}

/** Our server-side apply of an object, whatever it owns. */
export function ourApply(live: KubeObject, manager: string): ManagedFieldsEntry | undefined {
  return live.metadata.managedFields?.find((entry) => isOurApply(entry, manager));
}

/**
 * The newest write by another manager since our last apply; status writers do not count.
 * @param orAtOnce also one in the same second, the resolution of these times
 */
export function writeSinceOurs(
  live: KubeObject,
  manager: string,
  { orAtOnce = false }: { orAtOnce?: boolean } = {},
): ManagedFieldsEntry | undefined {
  const since = ourApply(live, manager)?.time;
  if (since === undefined) return undefined;
  const isSince = (time = '') => time > since || (orAtOnce && time === since);
  return (live.metadata.managedFields ?? [])
    .filter((entry) => !isOurApply(entry, manager) && entry.subresource !== 'status' && isSince(entry.time))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''))[0];
}
