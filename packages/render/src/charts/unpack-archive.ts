import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { PlumblineError } from '@plumbline/errors';
import tar from 'tar-stream';

/** A file of an archive. */
export interface ArchiveFile {
  content: Buffer;
  kind: 'blob' | 'symlink';
  executable: boolean;
}

export interface UnpackLimits {
  files: number;
  /** Unpacked. */
  bytes: number;
}

export const defaultUnpackLimits: UnpackLimits = { files: 20_000, bytes: 128 * 1024 * 1024 };

export interface UnpackOptions {
  /** For errors. */
  name: string;
  /** Take off the first folder, which charts have. */
  strip: boolean;
  limits?: UnpackLimits;
}

function refuse(name: string, problem: string): PlumblineError {
  return new PlumblineError('CHART_ARCHIVE', `the archive of ${name} ${problem}`, { retry: 'terminal' });
}

/** The path of an entry without its first folder; undefined for what is not below one. */
function entryPath(given: string, { name, strip }: UnpackOptions): string | undefined {
  const parts = given.split('/').filter((part) => part !== '' && part !== '.');
  const bad = given.startsWith('/') || /^[A-Za-z]:/.test(given) || given.includes('\0') || given.includes('\\');
  if (bad || parts.includes('..'))
    throw refuse(name, `holds the entry ${JSON.stringify(given)}, which leads outside it`);
  const path = (strip ? parts.slice(1) : parts).join('/');
  return path === '' ? undefined : path;
}

async function contentOf(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function readEntries(entries: tar.Extract, options: UnpackOptions): Promise<Map<string, ArchiveFile>> {
  const { name, limits = defaultUnpackLimits } = options;
  const files = new Map<string, ArchiveFile>();
  let bytes = 0;
  let count = 0;
  for await (const entry of entries) {
    const { name: given, type, mode = 0, size = 0, linkname } = entry.header;
    count += 1;
    bytes += size;
    if (count > limits.files) throw refuse(name, `holds more than ${limits.files} files`);
    if (bytes > limits.bytes) throw refuse(name, `holds more than ${limits.bytes} bytes`);
    const path = entryPath(given, options);
    if (type === 'directory' || path === undefined) entry.resume();
    else if (type === 'symlink') {
      entry.resume();
      files.set(path, { content: Buffer.from(linkname ?? ''), kind: 'symlink', executable: false });
    } else if (type === 'file' || type === 'contiguous-file') {
      files.set(path, { content: await contentOf(entry), kind: 'blob', executable: (mode & 0o100) !== 0 });
    } else throw refuse(name, `holds ${JSON.stringify(given)}, which is a ${type} and no file`);
  }
  return files;
}

/**
 * Reads a tar archive, gzipped or not, into memory, within limits. Symlinks are kept as they are, for those who read to judge;
 * entries that lead outside, hard links and devices are refused. Throws `CHART_ARCHIVE` naming the entry.
 */
export async function unpackArchive(archive: Buffer, options: UnpackOptions): Promise<Map<string, ArchiveFile>> {
  const extract = tar.extract();
  const gzipped = archive[0] === 0x1f && archive[1] === 0x8b;
  const source = Readable.from([archive], { objectMode: false });
  // The limits hold for what is read, so an archive that unpacks to more than it says stops at them.
  const feeding = gzipped ? pipeline(source, createGunzip(), extract) : pipeline(source, extract);
  feeding.catch(() => undefined);
  try {
    const files = await readEntries(extract, options);
    await feeding;
    return files;
  } catch (error) {
    extract.destroy();
    if (error instanceof PlumblineError) throw error;
    throw refuse(options.name, `cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}
