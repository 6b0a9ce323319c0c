import { joinApiVersion } from '@plumbline/manifests';
import type { ApiResource, KnownObjects, KubeClient, WatchEvent } from '../../types.ts';
import type { Limiter } from './limiter.ts';
import { type PlaceState, startPlaceState } from './place-state.ts';

/** The watch of one kind. */
export interface KindWatch {
  readonly resource: ApiResource;
  /** Settles when the first list is there or has failed. */
  readonly started: Promise<void>;
  /** Whether a list has been there. */
  synced(): boolean;
  /** Why it fails now. */
  failure(): string | undefined;
  /** Why what is known of a namespace ('' is all) may not be relied on. */
  doubt(namespace: string): string | undefined;
  stop(): void;
}

interface KindWatchOptions {
  client: KubeClient;
  limiter: Limiter;
  /** Watched one by one; empty is the whole cluster. */
  namespaces: readonly string[];
  known: KnownObjects;
  onEvent(event: WatchEvent): void;
  /** The server does not know the kind any more. */
  onNoSuchKind(): void;
  onFailure(message: string): void;
  /** What is known may no longer be relied on. */
  onDoubt(): void;
  /** Whether silence is to be noticed soon. */
  attentive(): boolean;
  /** Whether a kind that may not be listed is to be left out: it is no failure then. */
  leavesOut(namespace: string | undefined): Promise<boolean>;
  /** It was left out. */
  onLeftOut(message: string): void;
}

/** Starts to list and watch a kind; it goes on until stopped. */
export function startKindWatch(resource: ApiResource, options: KindWatchOptions): KindWatch {
  const stop = new AbortController();
  const places = options.namespaces.length > 0 ? options.namespaces : [undefined];
  const states = places.map((namespace) => ({
    namespace,
    state: watchPlace(resource, { ...options, namespace, signal: stop.signal }),
  }));
  return {
    resource,
    started: Promise.all(states.map(({ state }) => state.started)).then(() => {}),
    synced: () => states.every(({ state }) => state.synced()),
    failure: () => states.map(({ state }) => state.failure()).find((message) => message !== undefined),
    doubt: (namespace) => {
      // Asked for every object of every comparison.
      for (const place of states) {
        const message = concerns(place.namespace, namespace) ? place.state.doubt() : undefined;
        if (message !== undefined) return message;
      }
      return undefined;
    },
    stop: () => stop.abort(),
  };
}

/** Whether a watch of a place (undefined is everywhere) tells of a namespace ('' is all). */
function concerns(place: string | undefined, namespace: string): boolean {
  return place === undefined || namespace === '' || place === namespace;
}

type PlaceOptions = KindWatchOptions & { namespace: string | undefined; signal: AbortSignal };

/** The objects of a kind in one namespace, or everywhere. */
function watchPlace(resource: ApiResource, options: PlaceOptions): PlaceState {
  const { client, limiter, namespace, onEvent, attentive, signal } = options;
  const place = namespace === undefined ? {} : { namespace };
  const kind = { apiVersion: joinApiVersion(resource.group, resource.version), kind: resource.kind, ...place };
  const known = namespace === undefined ? options.known : knownIn(options.known, namespace);
  return startPlaceState({
    ...options,
    leavesOut: () => options.leavesOut(namespace),
    watch: async ({ onSynced, onError, ended }) => {
      const leave = await limiter.enter();
      const either = AbortSignal.any([signal, ended]);
      const synced = () => {
        leave();
        onSynced();
      };
      const failed = (error: unknown) => {
        leave();
        onError(error);
      };
      await client
        .watch(kind, { known, onEvent, onSynced: synced, onError: failed, attentive, signal: either })
        .catch(failed)
        .finally(leave);
    },
  });
}

/** Those of one namespace: a list of it says nothing of the others. */
function knownIn(known: KnownObjects, namespace: string): KnownObjects {
  const prefix = `${namespace}/`;
  return {
    get: (id) => known.get(id),
    *entries() {
      for (const entry of known.entries()) if (entry[0].startsWith(prefix)) yield entry;
    },
  };
}
