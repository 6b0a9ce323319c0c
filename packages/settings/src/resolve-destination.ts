import type { ApplicationDestination } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { DestinationCluster } from './types.ts';

function unresolved(message: string): PlumblineError {
  return new PlumblineError('DESTINATION_INVALID', message);
}

/**
 * The cluster that a destination means (reference §1.1): by server (a slash at the end does not count) or by name, not both.
 * Throws `DESTINATION_INVALID` with Argo CD's sentence.
 */
export function resolveDestination(
  clusters: readonly DestinationCluster[],
  { server, name }: ApplicationDestination,
): DestinationCluster {
  if (server && name) {
    throw unresolved(`application destination can't have both name and server defined: ${name} ${server}`);
  }
  if (server) {
    const wanted = server.replace(/\/+$/, '');
    const found = clusters.find((cluster) => cluster.server === wanted);
    if (!found) throw unresolved(`error getting cluster by server "${server}": cluster "${wanted}" not found`);
    return found;
  }
  if (!name) throw unresolved('Destination server missing from app spec');
  const named = clusters.filter((cluster) => cluster.name === name);
  const [only] = named;
  if (!only) throw unresolved(`there are no clusters with this name: ${name}`);
  if (named.length > 1) {
    const servers = named.map((cluster) => cluster.server).sort();
    throw unresolved(`there are ${named.length} clusters with the same name: [${servers.join(' ')}]`);
  }
  return only;
}
