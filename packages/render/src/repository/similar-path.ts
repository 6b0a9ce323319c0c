import type { Found, RepositoryView } from './repository-view.ts';

/** Letters that a name may differ in and still be meant. */
const maxDistance = 2;
/** Names that are compared in one folder. */
const maxNames = 2_000;

/** Letters to change, add or remove to make one text of the other; no more than matters. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > maxDistance) return maxDistance + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function similarName(wanted: string, names: readonly string[]): string | undefined {
  if (names.includes(wanted)) return wanted;
  const sameLetters = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (sameLetters !== undefined) return sameLetters;
  const allowed = Math.min(maxDistance, Math.floor(wanted.length / 3));
  const near = names.map((name) => ({ name, off: distance(wanted, name) })).filter(({ off }) => off <= allowed);
  return near.sort((a, b) => a.off - b.off)[0]?.name;
}

/** The path that was probably meant by one that does not exist: of other case, or with a letter or two wrong. For hints. */
export async function similarPath(view: RepositoryView, path: string): Promise<string | undefined> {
  let folder: Found | null = await view.find('');
  const met: string[] = [];
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    if (folder?.kind !== 'tree') return undefined;
    const names = (await view.reader.readTree(folder.oid)).slice(0, maxNames).map(({ name }) => name);
    const name = similarName(part, names);
    if (name === undefined) return undefined;
    met.push(name);
    folder = await view.find(met.join('/'));
  }
  const similar = met.join('/');
  return folder && similar !== path ? similar : undefined;
}
