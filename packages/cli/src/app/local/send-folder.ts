import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, posix, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { sourcesOf } from '@plumbline/apis';
import picomatch from 'picomatch';
import { pack } from 'tar-stream';
import { Fatal } from '../../fatal.ts';
import type { LocalRender } from './render-folder.ts';

/** What belongs to no repository. */
const skipped = new Set(['.git', 'node_modules']);
const chunkBytes = 1024 * 1024;

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .filter(({ name }) => !skipped.has(name))
    .map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
  return (await Promise.all(found)).flat();
}

/** A folder as a gzipped tar, its files below `prefix`. Globs of `include` are for names of files; none given is all. */
export async function archiveOf(
  folder: string,
  { prefix, include }: { prefix: string; include: readonly string[] },
): Promise<Buffer> {
  const wanted = include.length > 0 ? picomatch([...include], { basename: true }) : () => true;
  const archive = pack();
  const done = buffer(archive.pipe(createGzip()));
  for (const path of (await filesBelow(folder)).toSorted()) {
    const name = posix.join(prefix, relative(folder, path));
    const facts = await lstat(path);
    if (facts.isSymbolicLink()) archive.entry({ name, type: 'symlink', linkname: await readlink(path) });
    else if (facts.isFile() && wanted(path)) archive.entry({ name, mode: facts.mode }, await readFile(path));
  }
  archive.finalize();
  return done;
}

/** The pieces of a request: which Application, then the archive. */
export function piecesOf(name: string, archive: Buffer) {
  const checksum = createHash('sha256').update(archive).digest('hex');
  const chunks = Array.from({ length: Math.ceil(archive.length / chunkBytes) }, (_, index) => ({
    chunk: { chunk: archive.subarray(index * chunkBytes, (index + 1) * chunkBytes).toString('base64') },
  }));
  const [namespace, plain] = name.includes('/') ? name.split('/') : [undefined, name];
  return [{ query: { name: plain ?? name, checksum, ...(namespace ? { appNamespace: namespace } : {}) } }, ...chunks];
}

/**
 * Lets the server render a folder of this machine, with its own programs and plugins. The folder is the root of the repository
 * where it holds the source's path, else the folder of the source. Answers JSON texts.
 */
export async function renderOnServer(
  { client, application, path }: LocalRender,
  { name, include = [] }: { name: string; include?: readonly string[] | undefined },
): Promise<string[]> {
  const folder = resolve(path);
  const inside = sourcesOf(application.spec)[0]?.path ?? '.';
  const isRoot = inside === '.' || existsSync(join(folder, inside));
  const archive = await archiveOf(folder, { prefix: isRoot ? '' : inside, include });
  const { manifests } = await client.call('manifestsWithFiles', { body: piecesOf(name, archive) });
  if (manifests.length === 0) throw new Fatal(`${path} holds no manifests`);
  return manifests;
}
