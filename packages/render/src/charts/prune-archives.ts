import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface PruneOptions {
  /** Bytes that may stay. */
  maxBytes: number;
  /** Files that were not used for so many milliseconds go. */
  maxIdleMs: number;
  /** Files used within so many milliseconds stay, whatever they take. */
  inUseMs: number;
  /** Milliseconds since 1970. */
  now: number;
}

interface Kept {
  path: string;
  bytes: number;
  usedAt: number;
}

async function filesIn(folder: string): Promise<Kept[]> {
  const names = (await readdir(folder)).filter((name) => /\.(tgz|part)$/.test(name));
  const files = names.map(async (name): Promise<Kept[]> => {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() ? [{ path, bytes: found.size, usedAt: found.mtimeMs }] : [];
  });
  return (await Promise.all(files)).flat();
}

/** Removes archives that nobody uses: those idle for long, then the least recently used ones beyond the bytes that may stay. */
export async function pruneArchives(folder: string, options: PruneOptions): Promise<void> {
  const { maxBytes, maxIdleMs, inUseMs, now } = options;
  const files = (await filesIn(folder)).sort((a, b) => a.usedAt - b.usedAt);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    const idle = now - file.usedAt;
    const goes = idle > inUseMs && (idle > maxIdleMs || bytes > maxBytes);
    if (!goes) continue;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
}
