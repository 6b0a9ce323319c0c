import { type ManifestSet, manifestSetKey, packManifestSet, unpackManifestSet } from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';
import { LRUCache } from 'lru-cache';

/** Reference §7.8: 24 h. */
const ttlSeconds = 24 * 60 * 60;
const rememberedWarnings = 20_000;

/** Manifest sets by digest in the sealed cache. */
export interface ManifestCache {
  /** The warnings of a set that is in the cache; undefined where it is not. */
  warningsOf(digest: string): Promise<string[] | undefined>;
  /**
   * Makes the set and puts it into the cache; callers of one digest at one time share one making.
   * `shared` is true for those who did not start it. With `fresh`, nothing is shared.
   */
  fill(
    digest: string,
    make: () => Promise<ManifestSet>,
    options: { fresh: boolean },
  ): Promise<{ warnings: string[]; shared: boolean }>;
}

export function createManifestCache(sealed: SealedCache): ManifestCache {
  const warnings = new LRUCache<string, string[]>({ max: rememberedWarnings });
  const making = new Map<string, Promise<string[]>>();

  const makeAndStore = async (digest: string, make: () => Promise<ManifestSet>): Promise<string[]> => {
    const set = await make();
    await sealed.set(manifestSetKey(digest), packManifestSet(set), ttlSeconds);
    warnings.set(digest, set.warnings);
    return set.warnings;
  };

  return {
    async warningsOf(digest) {
      const key = manifestSetKey(digest);
      const known = warnings.get(digest);
      if (known) return (await sealed.has(key)) ? known : undefined;
      const packed = await sealed.get(key);
      if (!packed) return undefined;
      const { warnings: stored } = unpackManifestSet(packed);
      warnings.set(digest, stored);
      return stored;
    },
    async fill(digest, make, { fresh }) {
      const running = fresh ? undefined : making.get(digest);
      if (running) return { warnings: await running, shared: true };
      const started = makeAndStore(digest, make);
      making.set(digest, started);
      try {
        return { warnings: await started, shared: false };
      } finally {
        if (making.get(digest) === started) making.delete(digest);
      }
    },
  };
}
