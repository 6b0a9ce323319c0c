import { errorMessage } from '@plumbline/errors';
import { joinApiVersion } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import { isLater } from '../../objects/resource-version.ts';
import { pause } from '../../transport/backoff.ts';
import type { ApiResource, KnownObject, KubeClient } from '../../types.ts';
import { kindName, type LiveIndex } from '../index/live-index.ts';

const defaultGraceMs = 10_000;

interface AuditOptions {
  client: KubeClient;
  index: LiveIndex;
  /** Kinds whose watches say that all is well. */
  kinds(): { resource: ApiResource; namespaces: readonly string[] }[];
  /** Lists a kind anew and watches it from there. */
  reread(resource: ApiResource): void;
  /** A watch was found to have told something wrong, or nothing. */
  onLie(kind: string): void;
  logger: Logger;
  signal: AbortSignal;
  /** What a list shows may be on its way as an event: only what is still wrong after this time, ms, is. */
  graceMs?: number;
  /** Whether an object is known to be gone. */
  isGone(uid: string): boolean;
}

interface Suspect {
  id: string;
  /** As a fresh list has it; undefined: it has no such object. */
  listed: KnownObject | undefined;
  listVersion: string;
}

/**
 * Compares what is known with fresh lists of metadata, kind by kind. A watch that has missed something is replaced by a new
 * one, whose list heals what is known. Resolves with the kinds that were wrong, as `group/kind`.
 */
export async function audit(options: AuditOptions): Promise<string[]> {
  const suspects = new Map<ApiResource, Suspect[]>();
  for (const { resource, namespaces } of options.kinds()) {
    if (options.signal.aborted) return [];
    const found = await suspectsOf(resource, namespaces, options);
    if (found.length > 0) suspects.set(resource, found);
  }
  if (suspects.size === 0) return [];
  await pause(options.graceMs ?? defaultGraceMs, options.signal);
  const wrong = [...suspects].filter(([resource, list]) => list.some((suspect) => isWrong(suspect, resource, options)));
  for (const [resource, list] of wrong) heal(resource, list.length, options);
  return wrong.map(([resource]) => kindName(resource));
}

async function suspectsOf(
  resource: ApiResource,
  namespaces: readonly string[],
  options: AuditOptions,
): Promise<Suspect[]> {
  const { client, logger, signal } = options;
  const kind = { apiVersion: joinApiVersion(resource.group, resource.version), kind: resource.kind };
  const places: { apiVersion: string; kind: string; namespace?: string }[] =
    namespaces.length > 0 ? namespaces.map((namespace) => ({ ...kind, namespace })) : [kind];
  const found: Suspect[] = [];
  for (const place of places) {
    try {
      const { objects, resourceVersion } = await client.identities(place, { signal });
      found.push(...differences({ resource, place, objects, listVersion: resourceVersion }, options));
    } catch (error) {
      // That a kind cannot be listed is for its watch to tell.
      if (!signal.aborted) logger.debug('a kind cannot be audited', { ...place, error: errorMessage(error) });
    }
  }
  return found;
}

interface FreshList {
  resource: ApiResource;
  place: { namespace?: string };
  objects: ReadonlyMap<string, KnownObject>;
  listVersion: string;
}

function differences({ resource, place, objects, listVersion }: FreshList, options: AuditOptions): Suspect[] {
  const prefix = place.namespace === undefined ? '' : `${place.namespace}/`;
  const known = options.index.ofKind(resource);
  const gone = [...known.keys()].filter((id) => id.startsWith(prefix) && !objects.has(id));
  return [
    ...[...objects].map(([id, listed]): Suspect => ({ id, listed, listVersion })),
    ...gone.map((id): Suspect => ({ id, listed: undefined, listVersion })),
  ].filter((suspect) => isWrong(suspect, resource, options));
}

/** Whether what is known is older than what the list has, or of an object that the list does not have any more. */
function isWrong(
  { id, listed, listVersion }: Suspect,
  resource: ApiResource,
  { index, isGone }: AuditOptions,
): boolean {
  const known = index.ofKind(resource).get(id);
  if (!listed) return known !== undefined && !isLater(known.resourceVersion, listVersion);
  if (!known) return !isGone(listed.uid);
  return isLater(listed.resourceVersion, known.resourceVersion);
}

function heal(resource: ApiResource, objects: number, { logger, onLie, reread }: AuditOptions): void {
  const kind = kindName(resource);
  logger.error('a watch has missed changes: its kind is listed anew', { kind, objects });
  onLie(kind);
  reread(resource);
}
