import { isApplicationNamespace } from '@plumbline/access';
import type { WatchEvent } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import type { Settings, WatchApplications } from '@plumbline/settings';
import type { Logger } from '@plumbline/telemetry';
import { withoutManagedFields } from './application-object.ts';

/** One and the same object for all listeners. */
export interface ApplicationEvent {
  type: WatchEvent['type'];
  application: KubeObject;
}

export type ApplicationListener = (event: ApplicationEvent) => void;

/** Every Application of the namespaces that may hold some, kept up to date by one watch. Objects are immutable. */
export interface ApplicationCache {
  /** Resolves when the Applications have been listed once. */
  ready(): Promise<void>;
  /** Default namespace: the control plane's. */
  get(name: string, namespace?: string): KubeObject | undefined;
  /** Whether Applications of the namespace are looked at. */
  covers(namespace: string): boolean;
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

/** An {@link ApplicationCache} apart from the watch that feeds it. */
export type ApplicationSet = Omit<ApplicationCache, 'ready' | 'close' | 'covers'> & { apply(event: WatchEvent): void };

/** Sorts by name, then namespace. */
function byName({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  if (a.name !== b.name) return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
  return (a.namespace ?? '') < (b.namespace ?? '') ? -1 : 1;
}

/** Events older than what is known are passed over. @param control namespace of those that are asked for by name alone */
export function createApplicationSet(control = ''): ApplicationSet {
  const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? control}/${metadata.name ?? ''}`;
  const known = new Map<string, KubeObject>();
  const deleted = new Map<string, KubeObject>();
  const listeners = new Set<ApplicationListener>();
  let newest = 0n;
  let sorted: KubeObject[] | undefined;
  const emit = (type: WatchEvent['type'], application: KubeObject): void => {
    sorted = undefined;
    if (versionOf(application) > newest) newest = versionOf(application);
    const event = { type, application };
    for (const listener of listeners) listener(event);
  };
  /** The object of the watch in place of the answer to a write: the watch's may be held by others, too. */
  const hold = (id: string, same: KubeObject): void => {
    const held = known.get(id);
    if (!held || held === same || versionOf(held) !== versionOf(same)) return;
    known.set(id, same);
    sorted = undefined;
  };
  const remove = (id: string, told: KubeObject): void => {
    const before = known.get(id);
    if (!before) return;
    known.delete(id);
    // Of what has gone unseen only the identity is told.
    const last = told['spec'] === undefined ? { ...before, metadata: { ...before.metadata, ...told.metadata } } : told;
    deleted.delete(id);
    deleted.set(id, last);
    const [oldest] = deleted.keys();
    if (deleted.size > rememberedDeletions && oldest !== undefined) deleted.delete(oldest);
    emit('DELETED', last);
  };
  const put = (id: string, object: KubeObject): void => {
    const before = known.get(id) ?? deleted.get(id);
    if (before && versionOf(before) >= versionOf(object)) return;
    const type = known.has(id) ? 'MODIFIED' : 'ADDED';
    known.set(id, object);
    deleted.delete(id);
    emit(type, object);
  };
  const apply = (event: WatchEvent): void => {
    const object = withoutManagedFields(event.object);
    if (event.type === 'DELETED') remove(idOf(object), object);
    else {
      put(idOf(object), object);
      hold(idOf(object), object);
    }
  };
  return {
    apply,
    get: (name, namespace = control) => known.get(`${namespace}/${name}`),
    list: () => {
      sorted ??= [...known.values()].sort(byName);
      return [...sorted];
    },
    resourceVersion: () => String(newest),
    deletedSince: (version) => [...deleted.values()].filter((object) => versionOf(object) > BigInt(version)),
    observe: (object) => {
      const slim = withoutManagedFields(object);
      put(idOf(slim), slim);
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
  namespace: string;
  settings: Pick<Settings, 'access'>;
  watch: WatchApplications;
  logger: Logger;
}): ApplicationCache {
  const { namespace, settings, watch, logger } = options;
  const set = createApplicationSet(namespace);
  const controller = new AbortController();
  const ready = watch({
    onEvent: set.apply,
    onError: (error) => logger.warn('the watch of Applications failed and is retried', { error }),
    signal: controller.signal,
  });
  // Whoever waits for it is told.
  ready.catch(() => undefined);
  return {
    ...set,
    covers: (place) => isApplicationNamespace(place, namespace, settings.access().applicationNamespaces),
    ready: () => ready,
    close: () => controller.abort(),
  };
}
