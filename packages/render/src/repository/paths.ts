import { posix } from 'node:path';

/** `.`, `./x`, `x/`, `x//y` in one form: no leading or trailing slash, '' for the root. `..` at the front stays. */
export function normalisePath(path: string): string {
  const normal = posix.normalize(path).replace(/\/+$/, '').replace(/^\/+/, '');
  return normal === '.' ? '' : normal;
}

/** Joins without resolving `..`, because what it means depends on symlinks. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The path of `path` as seen from `folder`, both normalised and `path` inside `folder`. */
export function relativePath(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

/** The folder of a file, '' for the root. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '' : path.slice(0, end);
}

/** How a path is written for people: the root is `.`. */
export function displayPath(path: string): string {
  return path === '' ? '.' : path;
}

/** Whether a normalised path leaves the root. */
export function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../');
}

/** A path as it may stand in an error: long ones are cut. */
export function shownPath(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}
