import type { EntryKind } from '@plumbline/git';
import type { RepositoryView } from '../repository/repository-view.ts';
import { type EntryHeader, endFrame, frame, type SourceHeader } from './wire.ts';

/** What a plugin server gets to work on. */
export interface PluginSource extends SourceHeader {
  view: RepositoryView;
  /** The folder that is sent, with its path in the repository; '' for all of it. */
  root: { path: string; oid: string };
}

type Entry = { kind: EntryKind; oid: string; executable: boolean };

async function* sendEntry(view: RepositoryView, path: string, entry: Entry): AsyncGenerator<Buffer> {
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
      yield* sendTree(view, path, entry.oid);
  }
}

async function* sendTree(view: RepositoryView, path: string, oid: string): AsyncGenerator<Buffer> {
  for (const entry of await view.reader.readTree(oid)) {
    yield* sendEntry(view, path === '' ? entry.name : `${path}/${entry.name}`, entry);
  }
}

/** A source as bytes, read from Git while it is sent. */
export async function* sendSource({ view, root, path, environment, access }: PluginSource): AsyncGenerator<Buffer> {
  yield frame({ path, environment, ...(access ? { access } : {}) });
  if (root.path !== '') yield frame({ kind: 'folder', path: root.path });
  yield* sendTree(view, root.path, root.oid);
  yield endFrame;
}
