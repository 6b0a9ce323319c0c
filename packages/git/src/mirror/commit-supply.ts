import { revisionNotFound } from '../git-errors.ts';
import type { RepositoryPort } from '../repository-port.ts';
import type { MirrorRemote } from './mirror-remote.ts';
import type { Repair } from './repair.ts';

/** Known commits beyond this number are forgotten and asked for again. */
const presentLimit = 20_000;

/** The commits that a mirror knows to have. */
export interface KnownCommits {
  /** Seen here, with all they reach. */
  readonly present: Set<string>;
  /** Brought by id: no ref would bring them back after a rebuild. */
  readonly pinned: Set<string>;
}

interface CommitSupplyOptions {
  port: RepositoryPort;
  remote: MirrorRemote;
  repair: Repair;
  known: KnownCommits;
}

/** Brings commits into one mirror: by a fetch of everything where refs reach them, by id where they do not. */
export class CommitSupply {
  readonly #port: RepositoryPort;
  readonly #remote: MirrorRemote;
  readonly #repair: Repair;
  readonly #known: KnownCommits;

  constructor({ port, remote, repair, known }: CommitSupplyOptions) {
    this.#port = port;
    this.#remote = remote;
    this.#repair = repair;
    this.#known = known;
  }

  /**
   * Brings a commit; returns it with tags peeled.
   *
   * @param reached whether a head or a tag of the remote reaches it, so that its absence after a fetch means damage.
   */
  async bring(commit: string, revision: string, reached: boolean): Promise<string> {
    return (
      (await this.#find(commit)) ?? this.#remote.counted('fetch', revision, this.#fetch(commit, revision, reached))
    );
  }

  /** The commit that the beginning of an id means, here or after a fetch. */
  async complete(prefix: string): Promise<string | undefined> {
    return (await this.#find(prefix)) ?? this.#remote.counted('fetch', prefix, this.#fetchUntil(prefix));
  }

  async #find(id: string): Promise<string | undefined> {
    const { present } = this.#known;
    if (present.has(id)) return id;
    const commit = await this.#repair.guard(() => this.#port.findCommit(id));
    if (commit === undefined) return undefined;
    if (present.size >= presentLimit) present.clear();
    present.add(commit);
    return commit;
  }

  async #fetch(commit: string, revision: string, reached: boolean): Promise<string> {
    const found = await this.#fetchUntil(commit);
    if (found !== undefined) return found;
    const repaired = reached && (await this.#repair.attempt()) ? await this.#find(commit) : undefined;
    return repaired ?? this.#pin(commit, revision);
  }

  /** A fetch that is under way may bring it; else the next one does, or nothing. */
  async #fetchUntil(id: string): Promise<string | undefined> {
    const underWay = this.#remote.fetching();
    if (underWay) {
      await underWay.catch(() => {});
      const found = await this.#find(id);
      if (found !== undefined) return found;
    }
    await this.#repair.guard(() => this.#remote.fetch());
    return this.#find(id);
  }

  async #pin(commit: string, revision: string): Promise<string> {
    await this.#remote.timed('fetch', () => this.#repair.guard(() => this.#port.fetchCommit(commit)));
    this.#known.pinned.add(commit);
    const found = await this.#find(commit);
    if (found === undefined) throw revisionNotFound(this.#port.url, revision, 'the id is not of a commit');
    return found;
  }
}
