import { PlumblineError } from '@plumbline/errors';
import { type GroupKind, groupKindOf } from '@plumbline/manifests';
import { pause } from '../../transport/backoff.ts';
import type { LiveParts } from '../live-parts.ts';
import type { LiveState, LiveStateOptions } from '../types.ts';
import { isExcludedByDefault, isNeverWatched } from './exclusions.ts';

/** How long a kind may take from its CRD's creation until discovery names it. */
const newKindDelaysMs = [0, 50, 100, 200, 400, 800, 1_600, 3_200];

/** `LiveState.ensureWatched`. */
export function createEnsureWatched(
  { watches, stop }: Pick<LiveParts, 'watches' | 'stop'>,
  { client, exclude, namespaces = [], clusterResources = false }: LiveStateOptions,
): LiveState['ensureWatched'] {
  const excluded = (kind: GroupKind) => isNeverWatched(kind) || (exclude ?? isExcludedByDefault)(kind);
  return async (kind) => {
    const groupKind = groupKindOf(kind);
    if (excluded(groupKind)) return;
    const resource = namespaces.length > 0 && !clusterResources ? await client.discovery.find(kind) : undefined;
    if (resource?.namespaced === false) return;
    for (const delay of newKindDelaysMs) {
      const watch = watches.get(groupKind);
      if (watch) return watch.started;
      await pause(delay, stop.signal);
      if (stop.signal.aborted) return;
      await client.discovery.refresh();
      watches.reconcile();
    }
    await watches.get(groupKind)?.started;
    if (watches.get(groupKind)) return;
    throw new PlumblineError(
      'KUBE_NO_SUCH_KIND',
      `${client.server} does not serve ${kind.kind} of ${kind.apiVersion}`,
      {
        retry: 'transient',
        hint: 'see the conditions of its CustomResourceDefinition',
      },
    );
  };
}
