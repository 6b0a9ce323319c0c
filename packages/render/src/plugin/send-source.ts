import type { EntryKind } from '@plumbline/git';
import { joinPath, relativePath } from '../repository/paths.ts';
import type { RepositoryView } from '../repository/repository-view.ts';
import { exclusionOf } from './exclusions.ts';
import { type EntryHeader, endFrame, frame, type SourceHeader } from './wire.ts';

/** What a plugin server gets to work on. */
export interface PluginSource extends SourceHeader {
  view: RepositoryView;
  /** The folder that is sent, with its path in the repository; '' for all of it. */
  root: { path: string; oid: string };
  /** Globs of what is not sent, from there. */
  exclusions: readonly string[];
}

type Entry = { kind: EntryKind; oid: string; executable: boolean };

/** What of a repository is being sent. */
interface Sending {
  view: RepositoryView;
  isExcluded(path: string): boolean;
}

async function* sendEntry(sending: Sending, path: string, entry: Entry): AsyncGenerator<Buffer> {
  const { view } = sending;
  const send = (header: EntryHeader): Buffer => frame(header);
  switch (entry.kind) {
    case 'submodule':
      yield send({ kind: 'folder', path });
      return;
    case 'symlink':
      yield send({ kind: 'link', path, target: await view.text(entry.oid) });
      return;
    case 'blob': {
      const content = await view.reader.readBlob(entry.oid);
      yield send({ kind: 'file', path, size: content.length, executable: entry.executable });
      yield Buffer.from(content.buffer, content.byteOffset, content.length);
      return;
    }
    case 'tree':
      yield send({ kind: 'folder', path });
      yield* sendTree(sending, path, entry.oid);
  }
}

async function* sendTree(sending: Sending, path: string, oid: string): AsyncGenerator<Buffer> {
  for (const entry of await sending.view.reader.readTree(oid)) {
    const at = joinPath(path, entry.name);
    if (!sending.isExcluded(at)) yield* sendEntry(sending, at, entry);
  }
}

/** A source as bytes, read from Git while it is sent. */
export async function* sendSource(source: PluginSource): AsyncGenerator<Buffer> {
  const { view, root, path, environment, access } = source;
  const excludes = exclusionOf(source.exclusions);
  yield frame({ path, environment, ...(access ? { access } : {}) });
  if (root.path !== '') yield frame({ kind: 'folder', path: root.path });
  yield* sendTree({ view, isExcluded: (at) => excludes(relativePath(root.path, at)) }, root.path, root.oid);
  yield endFrame;
}
