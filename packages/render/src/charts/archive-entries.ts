import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { PlumblineError } from '@plumbline/errors';
import tar from 'tar-stream';

export interface UnpackLimits {
  files: number;
  /** Unpacked; Infinity for none. */
  bytes: number;
}

export interface UnpackOptions {
  /** For errors. */
  name: string;
  /** Take off the first folder, which charts have. */
  strip: boolean;
  limits: UnpackLimits;
  /** What to do where a limit is met, for errors. */
  hint?: string;
}

/** One file of an archive. Its content can be read until the next one comes: wholly, or not at all. */
export interface ArchiveEntry {
  path: string;
  kind: 'blob' | 'symlink';
  executable: boolean;
  size: number;
  content: AsyncIterable<Uint8Array>;
}

/** What headers, padding and the end of an archive may take, per file and at all. */
const overheadPerFile = 4_096;
const overhead = 2 * 1024 * 1024;

function refuse({ name }: UnpackOptions, problem: string, hint?: string): PlumblineError {
  return new PlumblineError('CHART_ARCHIVE', `the archive of ${name} ${problem}`, {
    retry: 'terminal',
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The path of an entry without its first folder; undefined for what is not below one. */
function entryPath(given: string, options: UnpackOptions): string | undefined {
  const parts = given.split('/').filter((part) => part !== '' && part !== '.');
  const bad = given.startsWith('/') || /^[A-Za-z]:/.test(given) || given.includes('\0') || given.includes('\\');
  if (bad || parts.includes('..'))
    throw refuse(options, `holds the entry ${JSON.stringify(given)}, which leads outside it`);
  const path = (options.strip ? parts.slice(1) : parts).join('/');
  return path === '' ? undefined : path;
}

/** Ends what unpacks to more than files within the limits can be, whatever its headers say. */
function bounded(options: UnpackOptions): Transform {
  const { files, bytes } = options.limits;
  const most = bytes + overhead + files * overheadPerFile;
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > most) done(refuse(options, `unpacks to more than ${bytes} bytes`, options.hint));
      else done(null, chunk);
    },
  });
}

async function* bytesOf(entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk;
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function* filesOf(extract: tar.Extract, options: UnpackOptions): AsyncGenerator<ArchiveEntry> {
  const { limits } = options;
  let bytes = 0;
  let count = 0;
  for await (const entry of extract) {
    const { name: given, type, mode = 0, size = 0, linkname } = entry.header;
    count += 1;
    bytes += size;
    if (count > limits.files) throw refuse(options, `holds more than ${limits.files} files`, options.hint);
    if (bytes > limits.bytes) throw refuse(options, `holds more than ${limits.bytes} bytes`, options.hint);
    const path = entryPath(given, options);
    const executable = (mode & 0o100) !== 0;
    if (type === 'directory' || path === undefined) entry.resume();
    else if (type === 'symlink') {
      entry.resume();
      const target = linkname ?? '';
      yield { path, kind: 'symlink', executable: false, size: Buffer.byteLength(target), content: textOf(target) };
    } else if (type === 'file' || type === 'contiguous-file') {
      yield { path, kind: 'blob', executable, size, content: bytesOf(entry) };
      entry.resume();
    } else throw refuse(options, `holds ${JSON.stringify(given)}, which is a ${type} and no file`);
  }
}

/**
 * The files of a tar archive, gzipped or not, within limits. Symlinks are given as they are, for those who read to judge;
 * entries that lead outside, hard links and devices are refused. Throws `CHART_ARCHIVE` naming the entry.
 */
export async function* archiveEntries(
  archive: Readable,
  { gzipped, ...options }: UnpackOptions & { gzipped: boolean },
): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract();
  const feeding = gzipped
    ? pipeline(archive, createGunzip(), bounded(options), extract)
    : pipeline(archive, bounded(options), extract);
  feeding.catch(() => undefined);
  try {
    yield* filesOf(extract, options);
    await feeding;
  } catch (error) {
    if (error instanceof PlumblineError) throw error;
    throw refuse(options, `cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    extract.destroy();
    archive.destroy();
  }
}

/** Whether content begins as gzip does. */
export function isGzipped(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}
