import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boundedMap } from '../bounded-map.ts';
import { pruneArchives } from './prune-archives.ts';
import type { ChartOptions, LocatedChart } from './types.ts';

/** Where an archive came from and for whom; what one caller may read says nothing of another. */
const remembered = 20_000;
/** How exactly the time of the last use is kept on disk. */
const touchEveryMs = 60_000;

/** Archives by digest on disk, downloaded once for all callers with the same access. */
export interface ArchiveStore {
  /** The digest of the archive, which is here afterwards. */
  fetch(located: LocatedChart, options: ChartOptions): Promise<string>;
  /** Its file, which is now used; undefined where it is not here. It can go while nobody uses it: open it, or link to it, at once. */
  path(digest: string): Promise<string | undefined>;
}

export interface ArchiveStoreOptions {
  /** Made where it is missing. */
  folder: string;
  /** Bytes kept. Default 1 GiB. */
  maxBytes?: number;
  /** Milliseconds for which an archive that nobody uses is kept. Default 7 days. */
  maxIdleMs?: number;
  /** Milliseconds since its last use in which an archive counts as in use. Default 10 min. */
  inUseMs?: number;
  clock?: () => number;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export function createArchiveStore(options: ArchiveStoreOptions): ArchiveStore {
  const { folder, maxBytes = 2 ** 30, maxIdleMs = 7 * 86_400_000, inUseMs = 600_000, clock = Date.now } = options;
  const digests = boundedMap<string, string>(remembered);
  const running = new Map<string, Promise<string>>();
  const touched = boundedMap<string, number>(remembered);
  const fileOf = (digest: string) => join(folder, `${digest}.tgz`);
  let pruning = Promise.resolve();

  /** One at a time; what could not be removed is tried again after the next download. */
  const prune = (): Promise<void> => {
    pruning = pruning
      .then(() => pruneArchives(folder, { maxBytes, maxIdleMs, inUseMs, now: clock() }))
      .catch(() => undefined);
    return pruning;
  };

  const download = async (located: LocatedChart): Promise<string> => {
    const archive = await located.download({});
    const digest = createHash('sha256').update(archive).digest('hex');
    const file = fileOf(digest);
    if (!(await store.path(digest))) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const part = join(folder, `${digest}.${randomBytes(6).toString('hex')}.part`);
      await writeFile(part, archive, { mode: 0o600 });
      await utimes(part, clock() / 1000, clock() / 1000);
      await rename(part, file);
      await prune();
    }
    digests.set(located.key, digest);
    return digest;
  };

  const store: ArchiveStore = {
    async fetch(located, { fresh }) {
      const known = fresh ? undefined : digests.get(located.key);
      if (known && (await store.path(known))) return known;
      const joined = running.get(located.key);
      if (joined) return joined;
      // Others may join: the first caller's abort is not theirs.
      const started = download(located).finally(() => running.delete(located.key));
      running.set(located.key, started);
      return started;
    },
    async path(digest) {
      const file = fileOf(digest);
      const now = clock();
      if (now - (touched.get(digest) ?? 0) < touchEveryMs) return (await exists(file)) ? file : undefined;
      try {
        await utimes(file, now / 1000, now / 1000);
      } catch {
        return undefined;
      }
      touched.set(digest, now);
      return file;
    },
  };
  return store;
}
