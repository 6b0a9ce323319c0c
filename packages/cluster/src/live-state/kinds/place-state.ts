import { errorMessage, hasCode } from '@plumbline/errors';
import { pause } from '../../transport/backoff.ts';

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
interface WatchPort {
  onSynced(): void;
  onError(error: unknown): void;
  ended: AbortSignal;
}

interface PlaceStateOptions {
  /** Watches until the port's signal aborts. */
  watch(port: WatchPort): Promise<void>;
  leavesOut(): Promise<boolean>;
  onNoSuchKind(): void;
  onFailure(message: string): void;
  onDoubt(): void;
  onLeftOut(message: string): void;
  signal: AbortSignal;
}

/** Keeps how a watch stands, from what it tells. */
function createStanding({ signal, onDoubt, onFailure, onLeftOut, onNoSuchKind }: PlaceStateOptions) {
  let synced = false;
  let failure: string | undefined;
  let leftOut: string | undefined;
  let doubtful = false;
  let patience: NodeJS.Timeout | undefined;
  const becomeDoubtful = () => {
    if (failure === undefined || signal.aborted) return;
    doubtful = true;
    onDoubt();
  };
  return {
    isLeftOut: () => leftOut !== undefined,
    synced: () => synced,
    failure: () => failure,
    doubt: () => leftOut ?? (doubtful ? failure : undefined),
    tellSynced: () => {
      clearTimeout(patience);
      patience = undefined;
      synced = true;
      doubtful = false;
      failure = undefined;
      leftOut = undefined;
    },
    tellFailed: (error: unknown) => {
      const message = errorMessage(error);
      if (failure !== message) onFailure(message);
      failure = message;
      if (!synced) doubtful = true;
      else patience ??= setTimeout(becomeDoubtful, patienceMs).unref();
      if (hasCode(error, 'KUBE_NO_SUCH_KIND')) onNoSuchKind();
    },
    tellLeftOut: (error: unknown) => {
      leftOut = errorMessage(error);
      failure = undefined;
      onLeftOut(leftOut);
    },
    end: () => clearTimeout(patience),
  };
}

/** Runs a watch and keeps how it stands; what is left out is tried again after a while. */
export function startPlaceState(options: PlaceStateOptions): PlaceState {
  const { signal } = options;
  const started = Promise.withResolvers<void>();
  const standing = createStanding(options);
  const onSynced = () => {
    standing.tellSynced();
    started.resolve();
  };
  const onFailed = (error: unknown) => {
    standing.tellFailed(error);
    started.resolve();
  };
  const onForbidden = async (error: unknown, end: AbortController) => {
    const leaves = await options.leavesOut();
    if (!leaves || signal.aborted) return onFailed(error);
    end.abort();
    standing.tellLeftOut(error);
    started.resolve();
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const end = new AbortController();
      const onError = (error: unknown) =>
        hasCode(error, 'KUBE_FORBIDDEN') ? void onForbidden(error, end) : onFailed(error);
      await options.watch({ onSynced, onError, ended: end.signal });
      if (!standing.isLeftOut()) return;
      await pause(leftOutMs, signal);
    }
  };
  void run().finally(() => {
    standing.end();
    started.resolve();
  });
  const { synced, failure, doubt } = standing;
  return { started: started.promise, synced, failure, doubt };
}
