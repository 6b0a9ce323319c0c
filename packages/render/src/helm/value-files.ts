import { createGlob } from '../repository/glob.ts';
import { displayPath, isOutside, joinPath, normalisePath } from '../repository/paths.ts';
import { type Found, walkTree } from '../repository/repository-view.ts';
import {
  fileProblem,
  findFile,
  type OptionFile,
  type OptionFiles,
  optionFile,
  type Place,
  requireFile,
} from './option-files.ts';

/** A values file as Helm gets it. */
export type ValueFile = ({ kind: 'file' } & OptionFile) | { kind: 'url'; url: string };

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
const globCharacters = /[*?[]/;

/** Paths (from the root) that match a glob, sorted. They become inputs one by one; that no others match is told by the options. */
async function expandGlob(place: Place, pattern: string): Promise<Found[]> {
  const full = normalisePath(pattern.startsWith('/') ? pattern : joinPath(place.folder, pattern));
  if (isOutside(full)) throw fileProblem(place, pattern, 'is outside the repository');
  const parts = full.split('/');
  const fixed = parts
    .slice(
      0,
      parts.findIndex((part) => globCharacters.test(part)),
    )
    .join('/');
  const base = await place.inputs.open('', fixed);
  if (base?.kind !== 'tree') return [];
  const matches = createGlob(full);
  const recurse = parts.length - fixed.split('/').filter(Boolean).length > 1;
  const found: Found[] = [];
  for await (const { path } of walkTree(place.inputs.view.reader, base.oid, { recurse, prefix: fixed })) {
    if (!matches(path)) continue;
    const file = await findFile(place, `/${path}`);
    if (file?.kind === 'blob') found.push(file);
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface ListedFile {
  file: ValueFile;
  /** Named itself, not found by a glob. */
  explicit: boolean;
}

export interface ValueFileOptions {
  names: readonly string[];
  ignoreMissing: boolean;
  /** Schemes that URLs may have. */
  schemes: readonly string[];
}

async function listFiles(files: OptionFiles, name: string, options: ValueFileOptions): Promise<ListedFile[]> {
  const { ignoreMissing, schemes } = options;
  const { place, path } = await files.place(name, 'value file');
  const remote = scheme.exec(path)?.[1]?.toLowerCase();
  if (remote !== undefined) {
    if (!schemes.includes(remote)) throw fileProblem(place, path, `has the scheme ${remote}, which is not allowed`);
    return [{ file: { kind: 'url', url: path }, explicit: true }];
  }
  const listed = (found: Found, explicit: boolean): ListedFile => ({
    file: { kind: 'file', ...optionFile(place, found) },
    explicit,
  });
  const named = await findFile(place, path);
  if (named?.kind === 'blob' || !globCharacters.test(path)) {
    if (!named && ignoreMissing) return [];
    return [listed(await requireFile(place, path), true)];
  }
  const matched = await expandGlob(place, path);
  if (matched.length === 0 && !ignoreMissing) {
    throw fileProblem(place, path, `matches no file in ${displayPath(place.folder)}`);
  }
  return matched.map((found) => listed(found, false));
}

/**
 * Values files in the order in which Helm reads them (reference §7.2): globs expanded and sorted; a file that is also
 * named itself keeps that place. Throws `RENDER_FAILED` naming a file that is missing or outside the repository.
 */
export async function resolveValueFiles(files: OptionFiles, options: ValueFileOptions): Promise<ValueFile[]> {
  const listed: ListedFile[] = [];
  for (const name of options.names) listed.push(...(await listFiles(files, name, options)));
  const keyOf = (file: ValueFile) => (file.kind === 'url' ? file.url : `${file.from ?? ''}\0${file.path}`);
  const explicitKeys = new Set(listed.filter(({ explicit }) => explicit).map(({ file }) => keyOf(file)));
  const seen = new Set<string>();
  return listed
    .filter(({ file, explicit }) => {
      if (explicit) return true;
      const key = keyOf(file);
      if (explicitKeys.has(key) || seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .map(({ file }) => file);
}
