import type { CommitInfo, EntryKind, TreeEntry } from '../types.ts';

const kinds: Record<string, EntryKind> = {
  '40000': 'tree',
  '040000': 'tree',
  '120000': 'symlink',
  '160000': 'submodule',
};
const ascii = /^[\0-\x7f]*$/;

function byName(a: TreeEntry, b: TreeEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/**
 * The entries of a raw tree object, sorted by name (git itself sorts folders as if they ended in a slash).
 * @param idBytes 20, or 32 in a SHA-256 repository.
 */
export function parseTree(content: Buffer, idBytes: number): readonly TreeEntry[] {
  // Decoded as a whole and cut up as text: a call into the buffer for each part takes several times as long.
  const text = content.toString('latin1');
  const hex = content.toString('hex');
  const entries: TreeEntry[] = [];
  let sorted = true;
  let position = 0;
  while (position < text.length) {
    const modeEnd = text.indexOf(' ', position);
    const nameEnd = text.indexOf('\0', modeEnd);
    const end = nameEnd + 1 + idBytes;
    if (modeEnd < 0 || nameEnd < 0 || end > text.length) throw new RangeError('the tree object is cut off');
    const mode = text.slice(position, modeEnd);
    const plainName = text.slice(modeEnd + 1, nameEnd);
    const name = ascii.test(plainName) ? plainName : content.toString('utf8', modeEnd + 1, nameEnd);
    const last = entries.at(-1);
    if (last && last.name > name) sorted = false;
    const kind = kinds[mode] ?? 'blob';
    entries.push({
      name,
      kind,
      oid: hex.slice(2 * (nameEnd + 1), 2 * end),
      executable: kind === 'blob' && mode === '100755',
    });
    position = end;
  }
  return sorted ? entries : entries.sort(byName);
}

interface CommitText {
  headers: Map<string, string>;
  message: string;
}

function splitCommit(content: Buffer): CommitText {
  const headers = new Map<string, string>();
  const headEnd = content.indexOf('\n\n');
  const head = headEnd < 0 ? content : content.subarray(0, headEnd);
  const encoding = /^encoding (\S+)$/m.exec(head.toString('latin1'))?.[1];
  const decoder = decoderFor(encoding);
  for (const line of decoder.decode(head).split('\n')) {
    const cut = line.indexOf(' ');
    const key = line.slice(0, cut);
    if (cut > 0 && !headers.has(key)) headers.set(key, line.slice(cut + 1));
  }
  return { headers, message: headEnd < 0 ? '' : decoder.decode(content.subarray(headEnd + 2)) };
}

function decoderFor(encoding: string | undefined): Pick<InstanceType<typeof TextDecoder>, 'decode'> {
  try {
    return new TextDecoder(encoding ?? 'utf-8');
  } catch {
    return new TextDecoder('utf-8');
  }
}

/** The root tree's id of a raw commit object, without decoding the rest. */
export function treeOfCommit(content: Buffer): string {
  const tree = /^tree ([0-9a-f]{40,64})\n/.exec(content.toString('latin1', 0, 70))?.[1];
  if (!tree) throw new RangeError('the commit object names no tree');
  return tree;
}

/** The commit that a raw tag object points at (or the next tag, or whatever else it points at). */
export function targetOfTag(content: Buffer): string | undefined {
  return /^object ([0-9a-f]{40,64})\n/.exec(content.toString('latin1', 0, 80))?.[1];
}

/** Author, author's date (UTC, whole seconds) and message of a raw commit object. */
export function parseCommit(content: Buffer): Omit<CommitInfo, 'commit' | 'tags'> {
  const { headers, message } = splitCommit(content);
  const author = /^(.*>)\s+(-?\d+)\s+[+-]\d{4}$/.exec(headers.get('author') ?? '');
  const seconds = Number(author?.[2] ?? 0);
  return {
    tree: treeOfCommit(content),
    author: author?.[1] ?? headers.get('author') ?? '',
    date: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
    message,
  };
}
