import { join } from 'node:path';
import { removeFolder } from '../folders.ts';
import { type ArchiveReader, readArchive } from './archive-reader.ts';
import type { ArchiveStore } from './archive-store.ts';
import { archiveGone, unpackArchive } from './unpack-archive.ts';

/** Archives, unpacked once for all who read them. */
export interface UnpackedArchives {
  /** Throws `CHART_ARCHIVE` where it is no archive, or beyond the limits. */
  open(digest: string, options: OpenArchiveOptions): Promise<ArchiveReader>;
}

export interface OpenArchiveOptions {
  /** For errors. */
  name: string;
  /** Take off the first folder, which charts have. */
  strip: boolean;
  /** That it may unpack to; Infinity for no limit. */
  maxBytes: number;
  /** The setting that says so, for errors. */
  setting: string;
}

export interface UnpackedArchivesOptions {
  /** Owned by this: emptied at the first use. */
  folder: string;
  store: ArchiveStore;
  /** Bytes kept on disk. Default 1 GiB. */
  maxBytes?: number;
  /** Milliseconds since something was read of it in which an archive counts as in use. Default 10 min. */
  inUseMs?: number;
  clock?: () => number;
}

const maxFiles = 20_000;

/** Of one unpacked archive. */
interface Use {
  /** When something was last read of it. */
  at: number;
  bytes: number;
}

interface Unpacked {
  folder: string;
  use: Use;
  reader: Promise<ArchiveReader>;
}

/** Unpacks into folders below one that is emptied first. */
function createUnpacker({
  folder,
  store,
  clock,
}: Required<Pick<UnpackedArchivesOptions, 'folder' | 'store' | 'clock'>>) {
  let emptied: Promise<void> | undefined;
  return async (
    digest: string,
    to: { folder: string; use: Use },
    { name, strip, setting, maxBytes: bytes }: OpenArchiveOptions,
  ): Promise<ArchiveReader> => {
    emptied ??= removeFolder(folder);
    await emptied;
    const archive = await store.path(digest);
    if (!archive) throw archiveGone(name);
    const hint = `the limit of bytes is ${setting} in argocd-cmd-params-cm`;
    const files = await unpackArchive(archive, to.folder, { name, strip, limits: { files: maxFiles, bytes }, hint });
    const onUse = () => {
      to.use.at = clock();
    };
    const reader = readArchive(files, { folder: to.folder, name, onUse });
    to.use.bytes = reader.bytes;
    return reader;
  };
}

/** Removes what was least recently opened and is not in use, beyond a number of bytes. */
async function prune(
  entries: Map<string, Unpacked>,
  { maxBytes, inUseMs, now }: { maxBytes: number; inUseMs: number; now: number },
): Promise<void> {
  let bytes = [...entries.values()].reduce((sum, entry) => sum + entry.use.bytes, 0);
  for (const [key, entry] of entries) {
    if (bytes <= maxBytes) return;
    if (now - entry.use.at <= inUseMs) continue;
    entries.delete(key);
    bytes -= entry.use.bytes;
    await removeFolder(entry.folder);
  }
}

export function createUnpackedArchives(options: UnpackedArchivesOptions): UnpackedArchives {
  const { folder, store, maxBytes = 2 ** 30, inUseMs = 600_000, clock = Date.now } = options;
  const unpack = createUnpacker({ folder, store, clock });
  /** The least recently opened first. */
  const entries = new Map<string, Unpacked>();
  let made = 0;

  const add = (key: string, digest: string, wanted: OpenArchiveOptions): Unpacked => {
    // The number tells a folder from one of the same key that is being removed.
    made += 1;
    const place = join(folder, `${digest}.${made}`);
    const use: Use = { at: clock(), bytes: 0 };
    const reader = unpack(digest, { folder: place, use }, wanted).catch(async (error: unknown) => {
      if (entries.get(key)?.use === use) entries.delete(key);
      await removeFolder(place);
      throw error;
    });
    return { folder: place, use, reader };
  };

  return {
    async open(digest, wanted) {
      const key = `${digest} ${wanted.strip} ${wanted.maxBytes}`;
      const entry = entries.get(key) ?? add(key, digest, wanted);
      entries.delete(key);
      entries.set(key, entry);
      entry.use.at = clock();
      const reader = await entry.reader;
      await prune(entries, { maxBytes, inUseMs, now: clock() });
      return reader;
    },
  };
}
