import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { filePathOf, protocolOf } from '../repository-url.ts';
import type { Mirror, RepositoryAccess, TreeEntry } from '../types.ts';
import { conventionalServer, downloadObject } from './batch-client.ts';
import { lfsRefused } from './lfs-errors.ts';
import { type LfsPointer, parsePointer, pointerLimit } from './pointer.ts';
import { sshAuthenticate } from './ssh-authenticate.ts';

export interface LfsOptions {
  access: RepositoryAccess;
  /** Keeps the objects that were brought, by digest. */
  folder: string;
  /** Larger objects (bytes) are refused. Default 100 MiB. */
  maxBytes?: number;
}

/** Where a repository on disk keeps an object: in itself, or in the `.git` of its work tree. */
function objectOnDisk(url: string, { digest }: LfsPointer): string | undefined {
  const parts = ['lfs', 'objects', digest.slice(0, 2), digest.slice(2, 4), digest];
  const root = filePathOf(url);
  return [join(root, ...parts), join(root, '.git', ...parts)].find((path) => existsSync(path));
}

/** All of it, once size and digest are those of the pointer. */
async function checked(url: string, pointer: LfsPointer, content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const hash = createHash('sha256');
  let size = 0;
  for await (const part of content) {
    size += part.length;
    if (size > pointer.size) throw lfsRefused(url, pointer, 'the server sends more than the pointer says');
    hash.update(part);
    parts.push(part);
  }
  if (hash.digest('hex') !== pointer.digest) throw lfsRefused(url, pointer, 'the content has another digest');
  return Buffer.concat(parts);
}

async function bring(access: RepositoryAccess, pointer: LfsPointer, folder: string): Promise<Buffer> {
  const { url } = access;
  switch (protocolOf(url)) {
    case 'file': {
      const path = objectOnDisk(url, pointer);
      if (path === undefined) throw lfsRefused(url, pointer, 'the repository does not have it');
      return checked(url, pointer, createReadStream(path));
    }
    case 'ssh': {
      const server = await sshAuthenticate(access, folder);
      // The key is for ssh alone; the answer of the server has what opens its objects.
      const { proxy, noProxy, certificateAuthority, insecure } = access;
      const trust = { ...(certificateAuthority ? { certificateAuthority } : {}), ...(insecure ? { insecure } : {}) };
      const way = { ...(proxy ? { proxy } : {}), ...(noProxy ? { noProxy } : {}) };
      const http = { url: server.href, foreign: true, ...trust, ...way };
      return downloadObject({ access: http, server }, pointer, (content) => checked(url, pointer, content));
    }
    default:
      return downloadObject({ access, server: conventionalServer(url) }, pointer, (content) =>
        checked(url, pointer, content),
      );
  }
}

/** Equal ids mean equal content: the ids of what is read with LFS are none of what is read without. */
const mark = 'lfs-';

function marked(oid: string): string {
  return `${mark}${oid}`;
}

function unmarked(oid: string): string {
  return oid.startsWith(mark) ? oid.slice(mark.length) : oid;
}

/** A submodule's id is a commit of another repository. */
function markedEntry(entry: TreeEntry): TreeEntry {
  return entry.kind === 'submodule' ? entry : { ...entry, oid: marked(entry.oid) };
}

/**
 * A mirror whose blobs that are LFS pointers read as the files they stand for: brought once (git-lfs batch API, or from
 * the repository's own folder), verified by digest and size. Throws `GIT_LFS_OBJECT` naming digest and repository,
 * `GIT_AUTHENTICATION`, `GIT_UNREACHABLE` (transient).
 */
export function withLfs(mirror: Mirror, { access, folder, maxBytes = 100 * 1024 * 1024 }: LfsOptions): Mirror {
  const underWay = new Map<string, Promise<Buffer>>();

  const fetchObject = async (pointer: LfsPointer, file: string): Promise<Buffer> => {
    const content = await bring(access, pointer, folder).catch((error: unknown) => {
      if (error instanceof PlumblineError) throw error;
      const text = lfsRefused(access.url, pointer, errorMessage(error)).message;
      throw new PlumblineError('GIT_UNREACHABLE', text, { retry: 'transient', cause: error });
    });
    const fresh = `${file}.${crypto.randomUUID()}`;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(fresh, content, { mode: 0o600 });
    await rename(fresh, file).finally(() => rm(fresh, { force: true }));
    return content;
  };

  const read = async (pointer: LfsPointer): Promise<Buffer> => {
    const file = join(folder, pointer.digest.slice(0, 2), pointer.digest);
    const kept = await readFile(file).catch(() => undefined);
    if (kept && createHash('sha256').update(kept).digest('hex') === pointer.digest) return kept;
    return fetchObject(pointer, file);
  };

  const object = (pointer: LfsPointer): Promise<Buffer> => {
    if (pointer.size > maxBytes) throw lfsRefused(access.url, pointer, `more than ${maxBytes} bytes are not read`);
    const reading = underWay.get(pointer.digest) ?? read(pointer).finally(() => underWay.delete(pointer.digest));
    underWay.set(pointer.digest, reading);
    return reading;
  };

  return {
    ...mirror,
    rootTree: async (commit) => marked(await mirror.rootTree(commit)),
    readTree: async (oid) => (await mirror.readTree(unmarked(oid))).map(markedEntry),
    async readBlob(oid) {
      const content = await mirror.readBlob(unmarked(oid));
      const pointer = parsePointer(content);
      return pointer ? object(pointer) : content;
    },
    async blobSize(oid) {
      const own = unmarked(oid);
      const size = await mirror.blobSize(own);
      if (size >= pointerLimit) return size;
      return parsePointer(await mirror.readBlob(own))?.size ?? size;
    },
  };
}
