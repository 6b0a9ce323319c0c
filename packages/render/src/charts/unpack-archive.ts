import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { type ArchiveEntry, archiveEntries, isGzipped, type UnpackOptions } from './archive-entries.ts';

/** A file of an archive that was unpacked. */
export interface UnpackedFile {
  kind: 'blob' | 'symlink';
  executable: boolean;
  size: number;
  /** SHA-256 of the content, which is the name of the file that holds it. */
  oid: string;
}

/** For an archive that was pruned; the next attempt fetches it again. */
export function archiveGone(name: string, cause?: unknown): PlumblineError {
  const message = `the archive of ${name} is no longer on this machine`;
  return new PlumblineError('CHART_ARCHIVE_GONE', message, { retry: 'transient', cause });
}

/** Writes the content beside the others and gives its digest; a name is never taken from the archive. */
async function writeContent(folder: string, { content }: ArchiveEntry): Promise<{ oid: string; size: number }> {
  const part = join(folder, 'part');
  const hash = createHash('sha256');
  const file = await open(part, 'w', 0o600);
  let size = 0;
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.length;
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  const oid = hash.digest('hex');
  await rename(part, join(folder, oid));
  return { oid, size };
}

/**
 * Unpacks a tar archive, gzipped or not, so that each content is a file of `folder` named by its digest: what the
 * entries are called is kept in memory only. Throws `CHART_ARCHIVE`, `CHART_ARCHIVE_GONE`.
 *
 * @param folder made where it is missing.
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  options: UnpackOptions,
): Promise<Map<string, UnpackedFile>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(archive).catch((cause: unknown) => {
    throw archiveGone(options.name, cause);
  });
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const files = new Map<string, UnpackedFile>();
  const stream = handle.createReadStream({ start: 0 });
  try {
    for await (const entry of archiveEntries(stream, { ...options, gzipped: isGzipped(buffer) })) {
      const { path, kind, executable } = entry;
      files.set(path, { kind, executable, ...(await writeContent(folder, entry)) });
    }
  } catch (cause) {
    if (cause instanceof PlumblineError) throw cause;
    throw new PlumblineError('CHART_ARCHIVE', `the archive of ${options.name} cannot be unpacked here`, {
      retry: 'transient',
      cause,
      hint: 'check that the disk of the repo-server has space',
    });
  }
  return files;
}
