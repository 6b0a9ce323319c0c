import { isLater } from '../../objects/resource-version.ts';

/** Longer than the answer to any request takes. */
const tombstoneMs = 120_000;

/**
 * Our own writes whose watch events are still to come, and what is gone of late, so that older events and late answers
 * do not undo them.
 */
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

  /** The object is gone: a watch said so, or our own delete. What still comes of it is of the past. */
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

  /** Whether the object is known to be gone. Uids are never used again. */
  isGone(uid: string): boolean {
    return this.#deleted.has(uid);
  }
}
