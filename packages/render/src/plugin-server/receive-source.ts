import { mkdir, open, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { RepositoryAccess } from '@plumbline/git';
import { z } from 'zod';
import { FrameReader, type SourceHeader } from '../plugin/wire.ts';

export interface SourceLimits {
  /** Of all files of a source. */
  maxBytes: number;
  /** Files, folders and links. */
  maxEntries: number;
}

export interface ReceiveOptions extends SourceLimits {
  /** Executable files stay executable. */
  keepModes: boolean;
}

const path = z.string().min(1);
const headerSchema = z.object({
  path: z.string(),
  environment: z.record(z.string(), z.string()),
  access: z.object({ url: z.string() }).loose().optional(),
});
const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path }),
  z.object({ kind: z.literal('link'), path, target: z.string() }),
  z.object({ kind: z.literal('file'), path, size: z.int().min(0), executable: z.boolean() }),
]);

function refuse(problem: string, hint?: string): PlumblineError {
  return new PlumblineError('PLUGIN_SOURCE', problem, hint === undefined ? {} : { hint });
}

/** The path below `root`; nothing that a sender says leads out of it. */
function inside(root: string, relative: string): string {
  const names = relative.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'))) {
    throw refuse(`the source holds an impossible path: ${relative}`);
  }
  return join(root, relative);
}

function checkLink(relative: string, target: string): void {
  const leadsTo = posix.normalize(posix.join(posix.dirname(relative), target));
  if (target.startsWith('/') || leadsTo === '..' || leadsTo.startsWith('../')) {
    throw refuse(`the source holds a symlink that leads out of it: ${relative}`);
  }
}

async function writeFile(target: string, content: AsyncIterable<Buffer>, mode: number): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await using file = await open(target, 'wx', mode);
  for await (const piece of content) await file.writeFile(piece);
}

type Links = { path: string; target: string }[];

/** Writes files and folders; links are gathered. */
async function receiveEntries(
  reader: FrameReader,
  root: string,
  { maxBytes, maxEntries, keepModes }: ReceiveOptions,
): Promise<Links> {
  const links: Links = [];
  let bytes = 0;
  let entries = 0;
  for (let value = await reader.frame(); value !== undefined; value = await reader.frame()) {
    const entry = entrySchema.parse(value);
    const target = inside(root, entry.path);
    entries += 1;
    if (entries > maxEntries) throw refuse(`the source has more than ${maxEntries} files and folders`);
    switch (entry.kind) {
      case 'folder':
        await mkdir(target, { recursive: true });
        break;
      case 'link':
        checkLink(entry.path, entry.target);
        links.push(entry);
        break;
      case 'file':
        bytes += entry.size;
        if (bytes > maxBytes)
          throw refuse(`the source is larger than ${maxBytes} bytes`, 'raise PLUMB_PLUGIN_MAX_BYTES');
        await writeFile(target, reader.bytes(entry.size), keepModes && entry.executable ? 0o755 : 0o644);
    }
  }
  return links;
}

/**
 * Writes a source below `root` (which exists and is empty), symlinks last so that nothing is written through one.
 * Throws `PLUGIN_SOURCE` where it is too large or holds an impossible path, `PLUGIN_PROTOCOL` where the stream breaks.
 */
export async function receiveSource(
  stream: AsyncIterable<Buffer>,
  root: string,
  options: ReceiveOptions,
): Promise<SourceHeader> {
  const reader = new FrameReader(stream);
  try {
    const { access, ...header } = headerSchema.parse(await reader.frame());
    if (header.path !== '') inside(root, header.path);
    for (const link of await receiveEntries(reader, root, options)) await symlink(link.target, join(root, link.path));
    return access ? { ...header, access: access as RepositoryAccess } : header;
  } finally {
    await reader.close();
  }
}
