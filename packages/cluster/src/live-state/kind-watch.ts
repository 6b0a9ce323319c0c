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
  known: KnownObjects;
  onEvent(event: WatchEvent): void;
  /** The server does not know the kind any more. */
  onNoSuchKind(): void;
  onFailure(message: string): void;
}

/** Starts to list and watch a kind; it goes on until stopped. */
export function startKindWatch(resource: ApiResource, options: KindWatchOptions): KindWatch {
  const { client, limiter, known, onEvent, onNoSuchKind, onFailure } = options;
  const stop = new AbortController();
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
    const kind = { apiVersion: joinApiVersion(resource.group, resource.version), kind: resource.kind };
    const onSynced = () => {
      synced = true;
      failure = undefined;
      settle();
    };
    const onError = (error: unknown) => {
      fail(error);
      settle();
    };
    const signal = stop.signal;
    await client.watch(kind, { known, onEvent, onSynced, onError, signal }).catch(onError).finally(settle);
  };
  void run();
  return {
    resource,
    started: first.promise,
    synced: () => synced,
    failure: () => failure,
    stop: () => stop.abort(),
  };
}
