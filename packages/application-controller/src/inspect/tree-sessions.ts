import { randomUUID } from 'node:crypto';
import type { LiveChange, LiveState } from '@plumbline/cluster';
import { errorMessage } from '@plumbline/errors';
import type { ResourceKey } from '@plumbline/manifests';
import {
  type ResourceTree,
  type TreeDelta,
  type TreeWatch,
  treeChannel,
  treeWatchChannel,
  treeWatchMs,
} from '@plumbline/protocol';
import type { Store } from '@plumbline/store';
import type { Logger } from '@plumbline/telemetry';
import type { Permits } from './resource-tree.ts';
import { type TreeChange, TreeImage } from './tree-image.ts';

/** Events within this time make one delta. */
const gatherMs = 100;
/** Orphaned objects belong to nobody, so that no event names the Application: they are looked at this often. */
const orphansMs = 2_000;

/** The whole tree of an Application as it is now. */
export interface WholeTree {
  application: string;
  tree: ResourceTree;
  live: LiveState;
  permits: Permits;
  /** Whether its project asks for orphaned objects. */
  orphans: boolean;
}

export interface TreeSessionsOptions {
  pubsub: Store['pubsub'];
  /** Undefined: no such Application here, or no destination. */
  whole(key: string): Promise<WholeTree | undefined>;
  logger: Logger;
  now?: () => number;
}

interface Session {
  channel: string;
  id: string;
  number: number;
  /** Nobody listens after that. */
  until: number;
  image: TreeImage | undefined;
  keys: ResourceKey[];
  /** All is to be compared, not only `keys`. */
  all: boolean;
  /** Listeners need a first delta. */
  first: boolean;
  timer: NodeJS.Timeout | undefined;
  orphans: NodeJS.Timeout | undefined;
  running: boolean;
}

/** Publishes what changes in the trees of Applications that somebody looks at; for others it does nothing. */
export class TreeSessions {
  readonly #options: TreeSessionsOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;
  #leave: (() => Promise<void>) | undefined;

  constructor(options: TreeSessionsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async start(): Promise<void> {
    this.#leave = await this.#options.pubsub.subscribe(treeWatchChannel, (message) =>
      this.#onWatch(message as TreeWatch),
    );
  }

  async close(): Promise<void> {
    await this.#leave?.();
    for (const key of [...this.#sessions.keys()]) this.#end(key);
  }

  /** Live objects of Applications (by key) have changed. */
  onLive(keys: readonly string[], change: LiveChange): void {
    for (const key of keys) {
      const session = this.#open(key);
      if (!session) continue;
      session.keys.push(...change.keys);
      this.#soon(key, session);
    }
  }

  /** A pass over an Application is over: other objects may be declared now. */
  onPass(key: string): void {
    const session = this.#open(key);
    if (session) this.#compareAll(key, session);
  }

  #onWatch({ namespace, name, whole }: TreeWatch): void {
    const key = `${namespace}/${name}`;
    let session = this.#open(key);
    const known = session !== undefined;
    if (!session) {
      session = emptySession(treeChannel({ namespace, name }));
      this.#sessions.set(key, session);
    }
    session.until = this.#now() + 3 * treeWatchMs;
    if (known && !whole) return;
    session.first = true;
    this.#compareAll(key, session);
  }

  #compareAll(key: string, session: Session): void {
    session.all = true;
    this.#soon(key, session);
  }

  /** The session, unless nobody has listened for a while. */
  #open(key: string): Session | undefined {
    const session = this.#sessions.get(key);
    if (session && session.until < this.#now()) this.#end(key);
    return this.#sessions.get(key);
  }

  #end(key: string): void {
    const session = this.#sessions.get(key);
    clearTimeout(session?.timer);
    clearInterval(session?.orphans);
    this.#sessions.delete(key);
  }

  #soon(key: string, session: Session): void {
    if (session.running) return;
    session.timer ??= setTimeout(() => void this.#run(key, session), session.first ? 0 : gatherMs).unref();
  }

  async #run(key: string, session: Session): Promise<void> {
    session.timer = undefined;
    session.running = true;
    try {
      await this.#publish(key, session);
    } catch (error) {
      this.#options.logger.warn('the tree of an Application cannot be told', { key, error: errorMessage(error) });
    } finally {
      session.running = false;
      if (session.all || session.keys.length > 0) this.#soon(key, session);
    }
  }

  async #publish(key: string, session: Session): Promise<void> {
    const { all } = session;
    const first = session.first || !session.image;
    const keys = session.keys.splice(0);
    session.first = false;
    session.all = false;
    const change = all || !session.image ? await this.#changeOfAll(key, session, first) : session.image.follow(keys);
    if (change === undefined) return;
    session.number += 1;
    const { id, number, channel } = session;
    const delta: TreeDelta = { session: id, number, ...(first ? { whole: true } : {}), ...change };
    await this.#options.pubsub.publish(channel, delta);
  }

  async #changeOfAll(key: string, session: Session, first: boolean): Promise<TreeChange | undefined> {
    const whole = await this.#options.whole(key);
    if (!whole) {
      this.#end(key);
      return undefined;
    }
    this.#watchOrphans(key, session, whole.orphans);
    if (first || session.image?.live !== whole.live) session.image = new TreeImage(whole.application, whole.live);
    const change = session.image.replace(whole.tree, whole.permits);
    return change ?? (first ? nothing : undefined);
  }

  #watchOrphans(key: string, session: Session, wanted: boolean): void {
    if (wanted === (session.orphans !== undefined)) return;
    clearInterval(session.orphans);
    session.orphans = wanted ? setInterval(() => this.onPass(key), orphansMs).unref() : undefined;
  }
}

const nothing: TreeChange = { nodes: [], orphanedNodes: [], hosts: [], removedNodes: [], removedHosts: [] };

function emptySession(channel: string): Session {
  return {
    channel,
    id: randomUUID(),
    number: 0,
    until: 0,
    image: undefined,
    keys: [],
    all: false,
    first: true,
    timer: undefined,
    orphans: undefined,
    running: false,
  };
}
