import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectReader } from '@plumbline/git';
import { readArchive } from './archive-reader.ts';
import { unpackArchive } from './unpack-archive.ts';

const limits = { files: 20_000, bytes: 256 * 2 ** 20 };
const name = 'the local files';

/**
 * Reads files that a person has sent as a tar archive, gzipped or not, as if they were a repository with one commit.
 * Throws `CHART_ARCHIVE` where it is none, leads outside itself or is too large.
 *
 * @param folder empty, and the reader's own for as long as it is used.
 */
export async function openLocalArchive(archive: Uint8Array, folder: string): Promise<ObjectReader> {
  const path = join(folder, 'archive');
  await writeFile(path, archive, { mode: 0o600 });
  const contents = join(folder, 'contents');
  const files = await unpackArchive(path, contents, { name, strip: false, limits });
  return readArchive(files, { folder: contents, name });
}
