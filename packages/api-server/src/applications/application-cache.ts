import { applicationApiVersion } from '@plumbline/apis';
import type { KubeClient, WatchEvent } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import { withoutManagedFields } from './application-object.ts';

export interface ApplicationEvent {
  type: WatchEvent['type'];
  application: KubeObject;
}

export type ApplicationListener = (event: ApplicationEvent) => void;

/** Every Application of the control-plane namespace, kept up to date by one watch. Objects are immutable. */
export interface ApplicationCache {
  /** Resolves when the Applications have been listed once. */
  ready(): Promise<void>;
  get(name: string): KubeObject | undefined;
  /** Sorted by name. */
  list(): KubeObject[];
  /** The newest resourceVersion seen; `0` before any. */
  resourceVersion(): string;
  /** Applications deleted since a resourceVersion, as far as remembered. */
  deletedSince(resourceVersion: string): KubeObject[];
  /** Puts in the answer of a write at once, so that a caller reads what it wrote. */
  observe(object: KubeObject): KubeObject;
  subscribe(listener: ApplicationListener): () => void;
  close(): void;
}

/** Deletions remembered for watches that start at a resourceVersion. */
const rememberedDeletions = 1000;

const versionOf = (object: KubeObject): bigint => BigInt(/^\d+$/.exec(object.metadata.resourceVersion ?? '')?.[0] ?? 0);

/** The state of the cache apart from the watch that feeds it. Events older than what is known are passed over. */
export function createApplicationSet(): Omit<ApplicationCache, 'ready' | 'close'> & { apply(event: WatchEvent): void } {
  const known = new Map<string, KubeObject>();
  const deleted = new Map<string, KubeObject>();
  const listeners = new Set<ApplicationListener>();
  let newest = 0n;
  const emit = (type: WatchEvent['type'], application: KubeObject): void => {
    if (versionOf(application) > newest) newest = versionOf(application);
    for (const listener of listeners) listener({ type, application });
  };
  const remove = (name: string, last: KubeObject): void => {
    if (!known.delete(name)) return;
    deleted.delete(name);
    deleted.set(name, last);
    const [oldest] = deleted.keys();
    if (deleted.size > rememberedDeletions && oldest !== undefined) deleted.delete(oldest);
    emit('DELETED', last);
  };
  const put = (name: string, object: KubeObject): void => {
    const before = known.get(name) ?? deleted.get(name);
    if (before && versionOf(before) >= versionOf(object)) return;
    const type = known.has(name) ? 'MODIFIED' : 'ADDED';
    known.set(name, object);
    deleted.delete(name);
    emit(type, object);
  };
  const apply = (event: WatchEvent): void => {
    const name = event.object.metadata.name ?? '';
    const object = withoutManagedFields(event.object);
    if (event.type === 'DELETED') remove(name, object);
    else put(name, object);
  };
  return {
    apply,
    get: (name) => known.get(name),
    list: () => [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object),
    resourceVersion: () => String(newest),
    deletedSince: (version) => [...deleted.values()].filter((object) => versionOf(object) > BigInt(version)),
    observe: (object) => {
      const slim = withoutManagedFields(object);
      put(slim.metadata.name ?? '', slim);
      return slim;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Starts the watch. Watch errors are logged; the client retries for ever. */
export function watchApplications(options: {
  client: KubeClient;
  namespace: string;
  logger: Logger;
}): ApplicationCache {
  const { client, namespace, logger } = options;
  const set = createApplicationSet();
  const controller = new AbortController();
  const synced = Promise.withResolvers<void>();
  const kind = { apiVersion: applicationApiVersion, kind: 'Application', namespace };
  client
    .watch(kind, {
      onEvent: set.apply,
      onSynced: synced.resolve,
      onError: (error) => logger.warn('the watch of Applications failed and is retried', { error }),
      signal: controller.signal,
    })
    .catch((error: unknown) => synced.reject(error));
  return { ...set, ready: () => synced.promise, close: () => controller.abort() };
}
