import type { IgnoreRuleSpec } from '@plumbline/diff';

/** A field that somebody else wrote over what we had applied. */
export interface Overwrite {
  /** `group/Kind/namespace/name`. */
  object: string;
  /** JSON pointer. */
  path: string;
  /** The other writer. */
  manager: string;
  /** When our last apply of the object was, as its managedFields tell; '' where there was none. */
  appliedAt: string;
  rule: IgnoreRuleSpec | undefined;
}

/** A field that was written over again and again. */
export interface Fight extends Overwrite {
  /** How often the other one won. */
  flips: number;
}

interface Seen extends Fight {
  /** Of the last flip, ms since the epoch. */
  last: number;
}

/** So many flips are a fight; fewer may be a rollout or a person who tries something. */
const fightFlips = 3;
/** A field that kept quiet for so long is fought over no more. */
const quietMs = 15 * 60_000;
const mostFields = 500;

/**
 * Counts how often a field flips: we apply it, and another manager writes over it. One and the same overwrite, seen in many
 * passes, is one flip: the next one counts when we have applied in between.
 */
export class FightMonitor {
  readonly #seen = new Map<string, Seen>();

  /** Notes what is overwritten now. */
  observe(overwrites: readonly Overwrite[], now: number): void {
    for (const overwrite of overwrites) {
      const id = JSON.stringify([overwrite.object, overwrite.path, overwrite.manager]);
      const known = this.#seen.get(id);
      if (known?.appliedAt === overwrite.appliedAt) continue;
      const flips = known && now - known.last < quietMs ? known.flips + 1 : 1;
      this.#seen.delete(id);
      this.#seen.set(id, { ...overwrite, flips, last: now });
    }
    for (const id of this.#seen.keys()) {
      if (this.#seen.size <= mostFields) break;
      this.#seen.delete(id);
    }
  }

  /** The fights that are on. */
  fights(now: number): Fight[] {
    for (const [id, { last }] of this.#seen) if (now - last >= quietMs) this.#seen.delete(id);
    return [...this.#seen.values()].filter(({ flips }) => flips >= fightFlips);
  }
}
