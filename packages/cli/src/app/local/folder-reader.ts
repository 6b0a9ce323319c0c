import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { EntryKind, ObjectReader, TreeEntry } from '@plumbline/git';

/** What belongs to no commit, and may be large. */
const skipped = new Set(['.git', 'node_modules']);

interface Node {
  path: string;
  kind: EntryKind;
}

/**
 * A folder of this machine, read as if it were a commit. Ids stand for paths: they are good for one render of files that
 * nobody changes meanwhile.
 */
export function folderReader(root: string): ObjectReader {
  const nodes = new Map<string, Node>();
  const idOf = (node: Node): string => {
    const id = createHash('sha1').update(`${node.kind} ${node.path}`).digest('hex');
    nodes.set(id, node);
    return id;
  };
  const nodeOf = (oid: string): Node => {
    const node = nodes.get(oid);
    if (!node) throw new PlumblineError('GIT_OBJECT_NOT_FOUND', `there is no file ${oid}`);
    return node;
  };
  const read = async ({ path, kind }: Node): Promise<Buffer> =>
    kind === 'symlink' ? Buffer.from(await readlink(path)) : readFile(path);
  const info = { author: '', date: new Date(0).toISOString(), message: '', tags: [] };
  return {
    rootTree: async () => idOf({ path: root, kind: 'tree' }),
    async readTree(oid) {
      const { path } = nodeOf(oid);
      const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !skipped.has(name));
      const known = entries.flatMap((entry): [string, EntryKind][] => {
        if (entry.isSymbolicLink()) return [[entry.name, 'symlink']];
        if (entry.isDirectory()) return [[entry.name, 'tree']];
        return entry.isFile() ? [[entry.name, 'blob']] : [];
      });
      const found = known.map(async ([name, kind]): Promise<TreeEntry> => {
        const file = join(path, name);
        const executable = kind === 'blob' && ((await stat(file)).mode & 0o100) !== 0;
        return { name, kind, oid: idOf({ path: file, kind }), executable };
      });
      return (await Promise.all(found)).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    readBlob: async (oid) => read(nodeOf(oid)),
    blobSize: async (oid) => (await read(nodeOf(oid))).length,
    commitInfo: async (commit) => ({ commit, tree: idOf({ path: root, kind: 'tree' }), ...info }),
  };
}
