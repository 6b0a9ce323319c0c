import type { ApplicationSource } from '@plumbline/apis';
import { hasCode, PlumblineError } from '@plumbline/errors';
import type { Found, RepositoryView } from './repository/repository-view.ts';
import { similarPath } from './repository/similar-path.ts';

function refuse(path: string, problem: string, hint?: string): PlumblineError {
  return new PlumblineError('RENDER_INVALID_SOURCE', `${path}: ${problem}`, hint === undefined ? {} : { hint });
}

/**
 * The folder that a source names, symlinks followed. Throws `RENDER_PATH_NOT_FOUND`, `RENDER_INVALID_SOURCE` (no path,
 * absolute, a file), `RENDER_PATH_OUTSIDE`, `RENDER_SYMLINK`.
 */
export async function findSourceFolder(view: RepositoryView, source: ApplicationSource): Promise<Found> {
  const { path } = source;
  if (source.chart) return { path: '', kind: 'tree', oid: view.root, links: [] };
  if (!path) throw refuse('spec.source', 'a path or a chart is required', 'set path, for example to "."');
  if (path.startsWith('/'))
    throw refuse(path, 'app path is absolute', 'paths are relative to the root of the repository');
  let found: Found | null;
  try {
    found = await view.find(path);
  } catch (error) {
    if (!hasCode(error, 'RENDER_PATH_OUTSIDE')) throw error;
    throw new PlumblineError('RENDER_PATH_OUTSIDE', `${path}: app path outside root of the repository`, {
      cause: error,
    });
  }
  if (!found) {
    // The failure that is being told counts, not one of its hint.
    const similar = await similarPath(view, path).catch(() => undefined);
    const check = `check path and targetRevision ${source.targetRevision ? `"${source.targetRevision}"` : 'HEAD'}`;
    throw new PlumblineError('RENDER_PATH_NOT_FOUND', `${path}: app path does not exist at revision ${view.revision}`, {
      hint: similar === undefined ? check : `${check}; there is "${similar}"`,
      details: { path, revision: view.revision },
    });
  }
  if (found.kind === 'submodule')
    throw refuse(
      path,
      'app path is a submodule that is not read',
      'declare it in .gitmodules, or use its repository as source',
    );
  if (found.kind !== 'tree')
    throw refuse(
      path,
      'app path is not a directory',
      'name its folder; one file of it can be chosen by directory.include',
    );
  return found;
}
