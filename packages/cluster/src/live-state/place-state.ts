import { errorMessage, hasCode } from '@plumbline/errors';
import { pause } from '../backoff.ts';

/** An older view is relied on while its watch fails for no longer than this: servers restart, connections are cut. */
const patienceMs = 10_000;
/** What was left out because it may not be listed is tried again after this time. */
const leftOutMs = 600_000;

/** How the watch of one kind in one place stands. */
export interface PlaceState {
  /** Settles when the first list is there or has failed. */
  readonly started: Promise<void>;
  synced(): boolean;
  failure(): string | undefined;
  doubt(): string | undefined;
}

/** What a watch tells, and when it shall end. */
export interface WatchPort {
  onSynced(): void;
  onError(error: unknown): void;
  ended: AbortSignal;
}

export interface PlaceStateOptions {
  /** Watches until the port's signal aborts. */
  watch(port: WatchPort): Promise<void>;
  leavesOut(): Promise<boolean>;
  onNoSuchKind(): void;
  onFailure(message: string): void;
  onDoubt(): void;
  onLeftOut(message: string): void;
  signal: AbortSignal;
}

/** Runs a watch and keeps how it stands; what is left out is tried again after a while. */
export function startPlaceState(options: PlaceStateOptions): PlaceState {
  const { signal, onDoubt, onFailure, onNoSuchKind } = options;
  const first = Promise.withResolvers<void>();
  let synced = false;
  let failure: string | undefined;
  let leftOut: string | undefined;
  let doubtful = false;
  let patience: NodeJS.Timeout | undefined;

  const doubted = () => {
    if (failure === undefined || signal.aborted) return;
    doubtful = true;
    onDoubt();
  };
  const onSynced = () => {
    clearTimeout(patience);
    patience = undefined;
    synced = true;
    doubtful = false;
    failure = undefined;
    leftOut = undefined;
    first.resolve();
  };
  const onError = (error: unknown) => {
    const message = errorMessage(error);
    if (failure !== message) onFailure(message);
    failure = message;
    if (!synced) doubtful = true;
    else patience ??= setTimeout(doubted, patienceMs).unref();
    if (hasCode(error, 'KUBE_NO_SUCH_KIND')) onNoSuchKind();
    first.resolve();
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const end = new AbortController();
      const refused = (error: unknown) => {
        if (!hasCode(error, 'KUBE_FORBIDDEN')) return onError(error);
        void options.leavesOut().then((leaves) => {
          if (!leaves || signal.aborted) return onError(error);
          leftOut = errorMessage(error);
          failure = undefined;
          end.abort();
          options.onLeftOut(leftOut);
          first.resolve();
        });
      };
      await options.watch({ onSynced, onError: refused, ended: end.signal });
      if (leftOut === undefined) return;
      await pause(leftOutMs, signal);
    }
  };
  void run().finally(() => {
    clearTimeout(patience);
    first.resolve();
  });
  return {
    started: first.promise,
    synced: () => synced,
    failure: () => failure,
    doubt: () => leftOut ?? (doubtful ? failure : undefined),
  };
}
