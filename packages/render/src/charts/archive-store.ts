import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boundedMap } from '../bounded-map.ts';
import type { ChartOptions, LocatedChart } from './types.ts';

/** Where an archive came from and for whom; what one caller may read says nothing of another. */
const remembered = 20_000;

/** Archives by digest on disk, downloaded once for all callers with the same access. */
export interface ArchiveStore {
  /** The digest of the archive, which is here afterwards. */
  fetch(located: LocatedChart, options: ChartOptions): Promise<string>;
  /** Its file; undefined where it is not here. */
  path(digest: string): Promise<string | undefined>;
  read(digest: string): Promise<Buffer | undefined>;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** @param folder made where it is missing. */
export function createArchiveStore(folder: string): ArchiveStore {
  const digests = boundedMap<string, string>(remembered);
  const running = new Map<string, Promise<string>>();
  const fileOf = (digest: string) => join(folder, `${digest}.tgz`);

  const download = async (located: LocatedChart, options: ChartOptions): Promise<string> => {
    const archive = await located.download(options);
    const digest = createHash('sha256').update(archive).digest('hex');
    const file = fileOf(digest);
    if (!(await exists(file))) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const part = join(folder, `${digest}.${randomBytes(6).toString('hex')}.part`);
      await writeFile(part, archive, { mode: 0o600 });
      await rename(part, file);
    }
    digests.set(located.key, digest);
    return digest;
  };

  const store: ArchiveStore = {
    async fetch(located, options) {
      const known = options.fresh ? undefined : digests.get(located.key);
      if (known && (await store.path(known))) return known;
      const joined = running.get(located.key);
      if (joined) return joined;
      // Others may join: the first caller's abort is not theirs.
      const started = download(located, {}).finally(() => running.delete(located.key));
      running.set(located.key, started);
      return started;
    },
    path: async (digest) => ((await exists(fileOf(digest))) ? fileOf(digest) : undefined),
    async read(digest) {
      const path = await store.path(digest);
      return path === undefined ? undefined : readFile(path);
    },
  };
  return store;
}
