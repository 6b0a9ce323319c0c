import { hasCode } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { rememberObjects } from '../objects/known-objects.ts';
import { listPages } from '../objects/lists.ts';
import { collectionPath, query } from '../objects/paths.ts';
import { isLater } from '../objects/resource-version.ts';
import { type Backoff, backoffDelay, pause } from '../transport/backoff.ts';
import { isAnswer, watchStatusError } from '../transport/errors.ts';
import { createLineSplitter } from '../transport/line-splitter.ts';
import type { Transport } from '../transport/transport.ts';
import type { ApiResource, WatchEvent, WatchOptions } from '../types.ts';
import type { QuietWatches } from './quiet-watches.ts';
import type { Reachability } from './reachability.ts';
import { createRelist, type Relist } from './relist.ts';
import { sharedParse } from './shared-parse.ts';

/** Times of a watch, in milliseconds. */
export interface WatchTiming {
  /** The server ends a watch after `lifetimeMs` to twice that, at random. */
  lifetimeMs: number;
  /** Bookmarks come once a minute: a connection silent for longer than this is dead. */
  silenceMs: number;
  /** How long the server lets a watch live that asks for attention; it tells a bookmark 2 s before the end. */
  attentiveMs: number;
  /** How long after that its end may be under way. */
  graceMs: number;
  /** A watch that ends sooner than this counts as failed. */
  healthyMs: number;
  backoff: Backoff;
  /** Longest wait while nobody answers: such attempts cost the server nothing. */
  unreachableMs: number;
}

export const defaultWatchTiming: WatchTiming = {
  lifetimeMs: 300_000,
  silenceMs: 150_000,
  attentiveMs: 30_000,
  graceMs: 5_000,
  healthyMs: 1_000,
  backoff: { baseMs: 50, maxMs: 5_000 },
  unreachableMs: 2_000,
};

/** After so many failures to go on from a resourceVersion, the list is read again: the server may not know it. */
const resumeAttempts = 3;

interface WatchRequest extends WatchOptions {
  resource: ApiResource;
  namespace?: string | undefined;
  timing: WatchTiming;
  reachability: Reachability;
  quiet: QuietWatches;
}

interface StreamLine {
  type: WatchEvent['type'] | 'BOOKMARK' | 'ERROR';
  object: KubeObject & { code?: number };
}

/** One watch: where it stands, and how often it failed in a row. */
interface Position {
  resourceVersion: string | undefined;
  failures: number;
  /** Whether `onError` was told and `onSynced` not since. */
  failing: boolean;
}

async function list(transport: Transport, request: WatchRequest, relist: Relist): Promise<string> {
  const { resource, namespace, labelSelector, fieldSelector, signal } = request;
  const selectors = { ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}) };
  // The loop of the watch repeats; a list that repeated by itself would hide the failure for a second.
  const resourceVersion = await listPages(transport, resource, {
    namespace,
    ...selectors,
    signal,
    retry: 'never',
    sink: relist,
  });
  relist.finish(resourceVersion);
  return resourceVersion;
}

function watchPath(
  { resource, namespace, labelSelector, fieldSelector, attentive, timing }: WatchRequest,
  position: Position,
): string {
  const lifetimeMs = attentive?.() ? timing.attentiveMs : timing.lifetimeMs * (1 + Math.random());
  const timeoutSeconds = Math.ceil(lifetimeMs / 1000);
  const { resourceVersion } = position;
  const parameters = {
    watch: 1,
    allowWatchBookmarks: true,
    resourceVersion,
    timeoutSeconds,
    labelSelector,
    fieldSelector,
  };
  return collectionPath(resource, namespace) + query(parameters);
}

/** Where the events of a stream go, and the position that they move on. */
interface Follower {
  position: Position;
  onEvent(event: WatchEvent): void;
}

/** Reads the lines of a stream. Throws what the server tells as an error. */
function eventReader(path: string, signal: AbortSignal, { position, onEvent }: Follower): (chunk: Buffer) => void {
  return createLineSplitter((line) => {
    if (signal.aborted) return;
    const { type, object } = sharedParse(line) as StreamLine;
    if (type === 'ERROR') throw watchStatusError(object, path);
    const { resourceVersion = '' } = object.metadata;
    // Versions only grow within a stream: one that repeats itself tells of the past.
    if (isLater(position.resourceVersion ?? '', resourceVersion)) return;
    if (type !== 'BOOKMARK') onEvent({ type, object });
    if (resourceVersion) position.resourceVersion = resourceVersion;
  });
}

/** Ends a stream by its signal where it has been silent too long: after trouble elsewhere, or while attention is asked for. */
function startRenewal({ timing, quiet, attentive }: WatchRequest) {
  const renewal = new AbortController();
  let heardAt = performance.now();
  let open = false;
  const renewAfter = (quietMs: number): void => {
    if (performance.now() - heardAt >= quietMs) renewal.abort();
  };
  const stopDoubt = quiet.onDoubt(renewAfter);
  const stopTick = quiet.onTick(() => {
    if (open && attentive?.()) renewAfter(timing.attentiveMs + timing.graceMs);
  });
  return {
    signal: renewal.signal,
    opened: () => {
      open = true;
      heardAt = performance.now();
    },
    heard: () => {
      heardAt = performance.now();
    },
    stop: () => {
      stopDoubt();
      stopTick();
    },
  };
}

/** Follows events until the server ends the stream. Throws `KUBE_GONE` where the position is too old. */
async function follow(transport: Transport, request: WatchRequest, follower: Follower): Promise<void> {
  const { signal, timing } = request;
  const path = watchPath(request, follower.position);
  const readEvents = eventReader(path, signal, follower);
  const renewal = startRenewal(request);
  const onData = (chunk: Buffer): void => {
    renewal.heard();
    readEvents(chunk);
  };
  const onOpen = (): void => {
    renewal.opened();
    recovered(follower.position, request);
  };
  const call = { verb: 'watch', method: 'GET', path, retry: 'never' } as const;
  const either = AbortSignal.any([signal, renewal.signal]);
  try {
    await transport.stream({ ...call, signal: either }, { onOpen, onData }, timing.silenceMs);
  } catch (error) {
    if (signal.aborted || !renewal.signal.aborted) throw error;
  } finally {
    renewal.stop();
  }
}

function recovered(position: Position, request: WatchRequest): void {
  if (!position.failing) return;
  position.failing = false;
  request.onSynced?.();
}

function failed(error: unknown, position: Position, request: WatchRequest): void {
  const gone = hasCode(error, 'KUBE_GONE');
  // One kind that fails all the time tells nothing of the others.
  if (position.failures < resumeAttempts) request.quiet.troubled();
  // A cut stream or an old position is part of a watch's life: only what fails twice in a row is told.
  const expected = position.resourceVersion !== undefined && position.failures === 0;
  position.failures += 1;
  if (gone || (isAnswer(error) && position.failures >= resumeAttempts)) position.resourceVersion = undefined;
  if (gone || expected) return;
  position.failing = true;
  request.onError?.(error);
}

async function backOff(
  error: unknown,
  position: Position,
  { timing, reachability, signal, onError }: WatchRequest,
): Promise<void> {
  if (position.failures === 0) return;
  const { baseMs, maxMs } = timing.backoff;
  const answered = error === undefined || isAnswer(error);
  if (!answered) reachability.lost();
  await pause(backoffDelay({ baseMs, maxMs: answered ? maxMs : timing.unreachableMs }, position.failures - 1), signal);
  await reachability.answering(signal, (down) => {
    position.failing = true;
    onError?.(down);
  });
}

/** Lists where there is no position, then follows events until the stream ends. */
async function listAndFollow(
  transport: Transport,
  request: WatchRequest,
  { position, relist, onEvent }: Follower & { relist: Relist },
): Promise<void> {
  if (position.resourceVersion === undefined) {
    position.resourceVersion = await list(transport, request, relist);
    position.failing = false;
    request.onSynced?.();
  }
  await follow(transport, request, { position, onEvent });
}

/** The loop behind `KubeClient.watch`: resolves when the signal aborts. */
export async function runWatch(transport: Transport, request: WatchRequest): Promise<void> {
  const { signal, timing } = request;
  const remembered = request.known ? undefined : rememberObjects();
  const onEvent = (event: WatchEvent): void => {
    remembered?.remember(event);
    request.onEvent(event);
  };
  const relist = createRelist(request.resource, request.known ?? remembered ?? rememberObjects(), onEvent);
  const position: Position = { resourceVersion: undefined, failures: 0, failing: false };
  while (!signal.aborted) {
    const startedAt = performance.now();
    const lived = () => performance.now() - startedAt >= timing.healthyMs;
    let error: unknown;
    try {
      await listAndFollow(transport, request, { position, relist, onEvent });
      position.failures = lived() ? 0 : position.failures + 1;
      if (!lived()) request.quiet.troubled();
    } catch (caught) {
      if (signal.aborted) return;
      error = caught;
      if (lived() && !position.failing) position.failures = 0;
      failed(error, position, request);
    }
    await backOff(error, position, request);
  }
}
