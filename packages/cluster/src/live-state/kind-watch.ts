import { errorMessage, hasCode } from '@plumbline/errors';
import { joinApiVersion } from '@plumbline/manifests';
import type { ApiResource, KnownObjects, KubeClient, WatchEvent } from '../types.ts';
import type { Limiter } from './limiter.ts';

/** The watch of one kind. */
export interface KindWatch {
  readonly resource: ApiResource;
  /** Settles when the first list is there or has failed. */
  readonly started: Promise<void>;
  /** Whether a list has been there. */
  synced(): boolean;
  /** Why it fails now. */
  failure(): string | undefined;
  stop(): void;
}

export interface KindWatchOptions {
  client: KubeClient;
  limiter: Limiter;
  /** Watched one by one; empty is the whole cluster. */
  namespaces: readonly string[];
  known: KnownObjects;
  onEvent(event: WatchEvent): void;
  /** The server does not know the kind any more. */
  onNoSuchKind(): void;
  onFailure(message: string): void;
}

/** Starts to list and watch a kind; it goes on until stopped. */
export function startKindWatch(resource: ApiResource, options: KindWatchOptions): KindWatch {
  const stop = new AbortController();
  const places = options.namespaces.length > 0 ? options.namespaces : [undefined];
  const watches = places.map((namespace) => watchPlace(resource, { ...options, namespace, signal: stop.signal }));
  return {
    resource,
    started: Promise.all(watches.map(({ started }) => started)).then(() => {}),
    synced: () => watches.every(({ synced }) => synced()),
    failure: () => watches.map(({ failure }) => failure()).find((message) => message !== undefined),
    stop: () => stop.abort(),
  };
}

type PlaceOptions = KindWatchOptions & { namespace: string | undefined; signal: AbortSignal };

/** The objects of a kind in one namespace, or everywhere. */
function watchPlace(resource: ApiResource, options: PlaceOptions): Omit<KindWatch, 'resource' | 'stop'> {
  const { client, limiter, namespace, onEvent, onNoSuchKind, onFailure, signal } = options;
  const first = Promise.withResolvers<void>();
  let synced = false;
  let failure: string | undefined;
  const fail = (error: unknown) => {
    const message = errorMessage(error);
    if (failure !== message) onFailure(message);
    failure = message;
    if (hasCode(error, 'KUBE_NO_SUCH_KIND')) onNoSuchKind();
  };
  const run = async (): Promise<void> => {
    const leave = await limiter.enter();
    const settle = () => {
      leave();
      first.resolve();
    };
    const place = namespace === undefined ? {} : { namespace };
    const kind = { apiVersion: joinApiVersion(resource.group, resource.version), kind: resource.kind, ...place };
    const onSynced = () => {
      synced = true;
      failure = undefined;
      settle();
    };
    const onError = (error: unknown) => {
      fail(error);
      settle();
    };
    const known = namespace === undefined ? options.known : knownIn(options.known, namespace);
    await client.watch(kind, { known, onEvent, onSynced, onError, signal }).catch(onError).finally(settle);
  };
  void run();
  return { started: first.promise, synced: () => synced, failure: () => failure };
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
