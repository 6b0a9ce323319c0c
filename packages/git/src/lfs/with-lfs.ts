import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { filePathOf, protocolOf } from '../repository-url.ts';
import type { Mirror, RepositoryAccess } from '../types.ts';
import { conventionalServer, downloadObject } from './batch-client.ts';
import { endpointAccess } from './endpoint.ts';
import { lfsRefused } from './lfs-errors.ts';
import { createEndpoints, markedEntry, unmarked } from './lfs-marks.ts';
import { type LfsPointer, parsePointer, pointerLimit } from './pointer.ts';
import { sshAuthenticate } from './ssh-authenticate.ts';

interface LfsOptions {
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
  const use = (content: AsyncIterable<Uint8Array>) => checked(url, pointer, content);
  switch (protocolOf(url)) {
    case 'file': {
      const path = objectOnDisk(url, pointer);
      if (path === undefined) throw lfsRefused(url, pointer, 'the repository does not have it');
      return use(createReadStream(path));
    }
    case 'ssh': {
      const server = await sshAuthenticate(access, folder);
      // The key is for ssh alone; the answer of the server has what opens its objects.
      const { proxy, noProxy, certificateAuthority, insecure } = access;
      const trust = { ...(certificateAuthority ? { certificateAuthority } : {}), ...(insecure ? { insecure } : {}) };
      const way = { ...(proxy ? { proxy } : {}), ...(noProxy ? { noProxy } : {}) };
      const http = { url: server.href, foreign: true, ...trust, ...way };
      return downloadObject({ access: http, server }, pointer, use);
    }
    default:
      return downloadObject({ access, server: conventionalServer(url) }, pointer, use);
  }
}

/** From where `.lfsconfig` says. */
async function bringFrom(
  endpoint: string,
  { access, pointer, folder }: { access: RepositoryAccess; pointer: LfsPointer; folder: string },
): Promise<Buffer> {
  const there = endpointAccess(access, endpoint);
  if (!there) {
    const reason = 'its .lfsconfig names a place that is neither at https or http nor on the same ssh server';
    throw lfsRefused(access.url, pointer, reason);
  }
  if (protocolOf(there.url) === 'ssh') return bring(there, pointer, folder);
  const use = (content: AsyncIterable<Uint8Array>) => checked(access.url, pointer, content);
  return downloadObject({ access: there, server: { href: there.url, header: {} } }, pointer, use);
}

type ReadObject = (pointer: LfsPointer, endpoint: string | undefined) => Promise<Buffer>;

/** Reads objects from the folder, or brings them there. */
function createObjects({ access, folder, maxBytes }: Required<LfsOptions>): ReadObject {
  const underWay = new Map<string, Promise<Buffer>>();

  const fetchObject = async (pointer: LfsPointer, file: string, endpoint: string | undefined): Promise<Buffer> => {
    const bringing =
      endpoint === undefined ? bring(access, pointer, folder) : bringFrom(endpoint, { access, pointer, folder });
    const content = await bringing.catch((error: unknown) => {
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

  const read: ReadObject = async (pointer, endpoint) => {
    const file = join(folder, pointer.digest.slice(0, 2), pointer.digest);
    const kept = await readFile(file).catch(() => undefined);
    if (kept && createHash('sha256').update(kept).digest('hex') === pointer.digest) return kept;
    return fetchObject(pointer, file, endpoint);
  };

  return (pointer, endpoint) => {
    if (pointer.size > maxBytes) throw lfsRefused(access.url, pointer, `more than ${maxBytes} bytes are not read`);
    const key = `${pointer.digest} ${endpoint ?? ''}`;
    const reading = underWay.get(key) ?? read(pointer, endpoint).finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  };
}

/**
 * A mirror whose blobs that are LFS pointers read as the files they stand for: brought once (git-lfs batch API, or from
 * the repository's own folder), from where the commit's `.lfsconfig` says if there is one, verified by digest and size. Throws `GIT_LFS_OBJECT` naming digest and repository,
 * `GIT_AUTHENTICATION`, `GIT_UNREACHABLE` (transient).
 */
export function withLfs(mirror: Mirror, { access, folder, maxBytes = 100 * 1024 * 1024 }: LfsOptions): Mirror {
  const object = createObjects({ access, folder, maxBytes });
  const endpoints = createEndpoints(mirror);
  return {
    ...mirror,
    async rootTree(commit) {
      const root = await mirror.rootTree(commit);
      return `${await endpoints.markOf(root)}${root}`;
    },
    async readTree(oid) {
      const mark = endpoints.markIn(oid);
      return (await mirror.readTree(unmarked(oid))).map((entry) => markedEntry(entry, mark));
    },
    async readBlob(oid) {
      const content = await mirror.readBlob(unmarked(oid));
      const pointer = parsePointer(content);
      return pointer ? object(pointer, endpoints.at(oid)) : content;
    },
    async blobSize(oid) {
      const own = unmarked(oid);
      const size = await mirror.blobSize(own);
      if (size >= pointerLimit) return size;
      return parsePointer(await mirror.readBlob(own))?.size ?? size;
    },
  };
}
