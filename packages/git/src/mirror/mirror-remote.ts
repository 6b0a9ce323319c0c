import { mirrorClosed } from '../git-errors.ts';
import type { GitMetrics, GitRequestType } from '../git-metrics.ts';
import type { RemoteRefs, RepositoryPort } from '../repository-port.ts';
import { createSingleFlight, type SingleFlight } from './single-flight.ts';

interface MirrorRemoteOptions {
  port: RepositoryPort;
  metrics: GitMetrics;
  /** How long (ms) a look may hold up the callers that came after it began. */
  patienceMs: number;
}

/** A burst of refreshes shares a look; nobody waits noticeably longer, and each look costs processes or requests. */
const lookSpacingMs = 75;

/** The remote of one mirror: looks and fetches shared between simultaneous callers, and counted. */
export class MirrorRemote {
  readonly #port: RepositoryPort;
  readonly #metrics: GitMetrics;
  readonly #looks: SingleFlight<RemoteRefs>;
  readonly #fetches: SingleFlight<void>;
  /** Looks may overlap; what a later one saw is never replaced by what an earlier one did. */
  #looksBegun = 0;
  #lastLook = 0;
  #lastRefs: RemoteRefs | undefined;
  #closed = false;

  constructor({ port, metrics, patienceMs }: MirrorRemoteOptions) {
    this.#port = port;
    this.#metrics = metrics;
    this.#looks = createSingleFlight(() => this.#look(), { patienceMs, spacingMs: lookSpacingMs });
    this.#fetches = createSingleFlight(() => this.#fetch());
  }

  /** Throws once the mirror is closed. */
  assertOpen(): void {
    if (this.#closed) throw mirrorClosed(this.#port.url);
  }

  /** True for the call that closes it, false when it was closed before. */
  close(): boolean {
    const first = !this.#closed;
    this.#closed = true;
    return first;
  }

  /** What a look that begins now or later sees. */
  refs(): Promise<RemoteRefs> {
    return this.#looks.next();
  }

  /** As `refs`, for the caller that resolves the revision; a failure counts as one of it. */
  refsFor(revision: string): Promise<RemoteRefs> {
    return this.counted('ls-remote', revision, this.#looks.next());
  }

  /** What the last look saw, or a first one sees. */
  async lastRefs(): Promise<RemoteRefs> {
    return this.#lastRefs ?? this.#looks.next();
  }

  /** A look has been answered at least once: these credentials may read what the mirror already holds. */
  async proveAccess(revision: string): Promise<void> {
    if (!this.#lastRefs) await this.refsFor(revision);
  }

  /** The fetch of all heads and tags that is under way, if any. */
  fetching(): Promise<void> | undefined {
    return this.#fetches.current();
  }

  /** Fetches all heads and tags, beginning now or later. */
  fetch(): Promise<void> {
    return this.#fetches.next();
  }

  /** Times the work as one request. */
  timed<T>(type: GitRequestType, work: () => Promise<T>): Promise<T> {
    return this.#metrics.request(this.#port.url, type, work);
  }

  /** Counts a failure of the work against the revision. */
  async counted<T>(type: GitRequestType, revision: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#metrics.failed(this.#port.url, type, revision);
      throw error;
    }
  }

  async #look(): Promise<RemoteRefs> {
    this.assertOpen();
    const look = ++this.#looksBegun;
    const refs = await this.timed('ls-remote', () => this.#port.look());
    if (look > this.#lastLook) {
      this.#lastLook = look;
      this.#lastRefs = refs;
    }
    return refs;
  }

  async #fetch(): Promise<void> {
    this.assertOpen();
    const refs = await this.lastRefs();
    await this.timed('fetch', () => this.#port.fetchAll(refs));
  }
}
