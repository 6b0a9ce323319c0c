import { isLater } from '../resource-version.ts';

const tombstoneMs = 300_000;

/** Our own writes and deletions whose watch events are still to come, so that older events do not undo them. */
export class RecentWrites {
  readonly #written = new Map<string, string>();
  readonly #deleted = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** We wrote the object and the answer had this resourceVersion. */
  written(uid: string, resourceVersion: string): void {
    this.#written.set(uid, resourceVersion);
  }

  /** We deleted the object and it was gone at once. */
  deleted(uid: string): void {
    const oldest = this.#now() - tombstoneMs;
    for (const [other, time] of this.#deleted) {
      if (time >= oldest) break;
      this.#deleted.delete(other);
    }
    this.#written.delete(uid);
    this.#deleted.set(uid, this.#now());
  }

  /** Whether a watch event tells of a time before our write. An event that is not ends the wait for it. */
  isOutdated(uid: string, resourceVersion: string): boolean {
    if (this.#deleted.has(uid)) return true;
    const written = this.#written.get(uid);
    if (written === undefined) return false;
    if (isLater(written, resourceVersion)) return true;
    this.#written.delete(uid);
    return false;
  }

  /** Whether an event of another object under the same key is older than our write of the one that we know. */
  isBefore(known: { uid: string; resourceVersion: string }, resourceVersion: string): boolean {
    return this.#written.has(known.uid) && isLater(known.resourceVersion, resourceVersion);
  }

  /** The object is gone. */
  drop(uid: string): void {
    this.#written.delete(uid);
    this.#deleted.delete(uid);
  }
}
