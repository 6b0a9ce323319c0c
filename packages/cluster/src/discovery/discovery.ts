import { type GroupKind, joinApiVersion } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import type { Transport } from '../transport/transport.ts';
import type { ApiResource, Discovery } from '../types.ts';
import { indexServed, type ServedIndex } from './discovery-document.ts';
import { DiscoveryReader } from './discovery-reader.ts';

const missIntervalMs = 1_000;
/** So often a kind that is not known has the documents read whole, whatever their ETags say: a proxy may have cut them. */
const wholeIntervalMs = 10_000;

/** Finds the resource of a kind; an unknown one is `KUBE_NO_SUCH_KIND`. */
export type Resolve = (kind: { apiVersion: string; kind: string }) => Promise<ApiResource>;

interface DiscoveryOptions {
  transport: Transport;
  logger: Logger;
  /** Milliseconds; for tests. */
  now?: () => number;
}

class ServedDiscovery implements Discovery {
  readonly #reader: DiscoveryReader;
  readonly #now: () => number;
  readonly #missed = new Map<string, number>();
  #index: ServedIndex = indexServed([]);
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;
  #wholeAt = 0;

  constructor({ transport, logger, now = Date.now }: DiscoveryOptions) {
    this.#reader = new DiscoveryReader(transport, logger);
    this.#now = now;
  }

  async find({ apiVersion, kind }: { apiVersion: string; kind: string }): Promise<ApiResource | undefined> {
    const name = `${apiVersion}/${kind}`;
    const known = this.#index.byVersion.get(name);
    if (known) return known;
    const last = this.#missed.get(name);
    if (last !== undefined && this.#now() - last < missIntervalMs) return undefined;
    this.#missed.set(name, this.#now());
    this.#readWholeAtTimes();
    await this.refresh();
    const found = this.#index.byVersion.get(name);
    if (found) this.#missed.delete(name);
    return found;
  }

  preferred({ group, kind }: GroupKind): ApiResource | undefined {
    return this.#index.byGroupKind.get(`${group}/${kind}`);
  }

  all(): readonly ApiResource[] {
    return this.#index.watchable;
  }

  apiVersions(): readonly string[] {
    return this.#index.apiVersions;
  }

  unanswered(): readonly string[] {
    const stale = this.#reader.served.filter((entry) => entry.stale);
    return stale.map(({ group, version }) => joinApiVersion(group, version));
  }

  /** A call joins a refresh that has not begun, never one under way: that may have read before the caller's cause. */
  refresh(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#run();
      return this.#running;
    }
    this.#queued ??= this.#after(this.#running);
    return this.#queued;
  }

  async #after(running: Promise<void>): Promise<void> {
    await running.catch(() => undefined);
    this.#queued = undefined;
    this.#running ??= this.#run();
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      if (await this.#reader.read()) this.#index = indexServed(this.#reader.served);
    } finally {
      this.#running = undefined;
    }
  }

  #readWholeAtTimes(): void {
    if (this.#now() - this.#wholeAt < wholeIntervalMs) return;
    this.#wholeAt = this.#now();
    this.#reader.forgetPages();
  }
}

/** Discovery over a transport. Empty until the first `refresh`. */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  return new ServedDiscovery(options);
}
