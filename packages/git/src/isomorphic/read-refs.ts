import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteRefs } from '../repository-port.ts';

const id = /^[0-9a-f]{40}$/;

async function text(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Names and values of packed-refs; the values of annotated tags are there already peeled. */
function parsePacked(content: string): { values: Map<string, string>; peeled: Map<string, string> } {
  const values = new Map<string, string>();
  const peeled = new Map<string, string>();
  let last = '';
  for (const line of content.split('\n')) {
    if (line.startsWith('#') || line === '') continue;
    if (line.startsWith('^')) {
      peeled.set(last, line.slice(1));
      continue;
    }
    last = line.slice(41);
    values.set(last, line.slice(0, 40));
  }
  return { values, peeled };
}

async function looseRefs(gitdir: string): Promise<Map<string, string>> {
  const found = await readdir(join(gitdir, 'refs'), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'));
  const refs = new Map<string, string>();
  await Promise.all(
    files.map(async (entry) => {
      const file = join(entry.parentPath, entry.name);
      const value = (await text(file))?.trim();
      if (value) refs.set(file.slice(gitdir.length).replace(/^\/+/, ''), value);
    }),
  );
  return refs;
}

/**
 * All refs of a repository on disk, as its own server would list them.
 * @param peel the commit of an object id, undefined when it is none.
 */
export async function readRefs(
  gitdir: string,
  peel: (oid: string) => Promise<string | undefined>,
): Promise<RemoteRefs> {
  const loose = await looseRefs(gitdir);
  const { values, peeled } = parsePacked((await text(join(gitdir, 'packed-refs'))) ?? '');
  const all = new Map([...values, ...loose]);
  const follow = (value: string | undefined, depth = 0): string | undefined => {
    if (value === undefined || depth > 5) return undefined;
    if (value.startsWith('ref: ')) return follow(all.get(value.slice(5).trim()), depth + 1);
    return id.test(value) ? value : undefined;
  };
  const refs = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const name of [...all.keys()].sort()) {
    const value = follow(all.get(name));
    if (value === undefined) continue;
    const known = loose.has(name) ? undefined : peeled.get(name);
    const commit = known ?? (name.startsWith('refs/tags/') ? await peel(value) : undefined);
    refs.set(name, commit ?? value);
    if (commit !== undefined && commit !== value) tags.set(name, value);
  }
  const head = (await text(join(gitdir, 'HEAD')))?.trim();
  const commit = follow(head);
  if (commit === undefined) return { refs, tags };
  return { refs, tags, head: head?.startsWith('ref: ') ? { commit, ref: head.slice(5).trim() } : { commit } };
}
