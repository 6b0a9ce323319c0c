import type { GroupKind } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import type { ApiResource, KubeClient, WatchEvent } from '../../types.ts';
import { kindName, type LiveIndex } from '../index/live-index.ts';
import type { LiveStateOptions } from '../types.ts';
import { type KindWatch, startKindWatch } from './kind-watch.ts';
import { createLimiter } from './limiter.ts';
import { isLeftOut } from './respect-rbac.ts';

const parallelLists = 8;

interface WatchSetOptions {
  client: KubeClient;
  logger: Logger;
  index: LiveIndex;
  isExcluded(kind: ApiResource): boolean;
  /** Namespaces to look at; empty is all of the cluster. */
  namespaces: readonly string[];
  onEvent(event: WatchEvent, watch: KindWatch): void;
  onNoSuchKind(): void;
  /** What is known of a kind may no longer be relied on. */
  onDoubt(kind: GroupKind): void;
  respectRbac: LiveStateOptions['respectRbac'];
  /** A kind is no longer served: its objects are gone. */
  onKindGone(kind: GroupKind): void;
}

/** Which kinds are watched: those that discovery names, but the excluded. */
export class WatchSet {
  readonly #options: WatchSetOptions;
  readonly #watches = new Map<string, KindWatch>();
  readonly #limiter = createLimiter(parallelLists);

  constructor(options: WatchSetOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watches.size;
  }

  get(kind: GroupKind): KindWatch | undefined {
    return this.#watches.get(kindName(kind));
  }

  /** Starts and stops watches as discovery has it now. */
  reconcile(): void {
    const { client, isExcluded, onKindGone } = this.#options;
    const served = new Map<string, ApiResource>();
    for (const resource of client.discovery.all()) {
      if (!isExcluded(resource)) served.set(kindName(resource), resource);
    }
    for (const [name, { resource }] of [...this.#watches]) {
      const now = served.get(name);
      if (now && sameResource(now, resource)) continue;
      this.#stop(name);
      // A kind that moved to another version keeps its objects: the new watch finds out what changed.
      if (!now) onKindGone(resource);
    }
    for (const resource of served.values()) this.#start(resource);
  }

  /** Lists the kinds again and tells of every object, changed or not. */
  reread(concerns: (kind: GroupKind) => boolean, onReread: (kind: GroupKind) => void): void {
    for (const [name, { resource }] of [...this.#watches]) {
      if (!concerns(resource)) continue;
      onReread(resource);
      this.#stop(name);
      this.#start(resource, { fromScratch: true });
    }
  }

  /** Lists a kind again; only what has changed is told of. */
  restart(resource: ApiResource): void {
    this.#stop(kindName(resource));
    this.#start(resource);
  }

  /** All watches that have listed once, with the namespaces that they look at one by one. */
  synced(): { resource: ApiResource; namespaces: readonly string[] }[] {
    const { namespaces } = this.#options;
    return [...this.#watches.values()]
      .filter((watch) => watch.synced() && watch.doubt('') === undefined)
      .map(({ resource }) => ({ resource, namespaces: resource.namespaced ? namespaces : [] }));
  }

  /** Settles when every watch has listed once or failed once. */
  async started(): Promise<void> {
    await Promise.all([...this.#watches.values()].map(({ started }) => started));
  }

  failures(): ReadonlyMap<string, string> {
    const entries = [...this.#watches].map(([name, watch]) => [name, watch.failure()] as const);
    return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  close(): void {
    for (const name of [...this.#watches.keys()]) this.#stop(name);
  }

  #start(resource: ApiResource, { fromScratch = false } = {}): void {
    const name = kindName(resource);
    if (this.#watches.has(name)) return;
    const { client, logger, index, namespaces, onEvent, onNoSuchKind, onDoubt, respectRbac } = this.#options;
    const { group, kind, version } = resource;
    const watch: KindWatch = startKindWatch(resource, {
      client,
      limiter: this.#limiter,
      namespaces: resource.namespaced ? namespaces : [],
      known: {
        get: (id) => {
          const known = index.ofKind(resource).get(id);
          return known && fromScratch ? { uid: known.uid, resourceVersion: '' } : known;
        },
        entries: () => index.ofKind(resource).entries(),
      },
      onEvent: (event) => onEvent(event, watch),
      onNoSuchKind,
      onFailure: (error) => logger.warn('a kind cannot be watched', { group, version, kind, error }),
      onDoubt: () => onDoubt(resource),
      attentive: () => index.concernsApplications(resource),
      leavesOut: (namespace) => isLeftOut(resource, namespace, { client, respectRbac, logger }),
      onLeftOut: (error) => logger.info('a kind is left out: it may not be listed', { group, version, kind, error }),
    });
    this.#watches.set(name, watch);
  }

  #stop(name: string): void {
    this.#watches.get(name)?.stop();
    this.#watches.delete(name);
  }
}

function sameResource(a: ApiResource, b: ApiResource): boolean {
  return a.version === b.version && a.plural === b.plural && a.namespaced === b.namespaced;
}
