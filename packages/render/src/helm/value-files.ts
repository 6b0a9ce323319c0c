import { hasCode, PlumblineError } from '@plumbline/errors';
import picomatch from 'picomatch';
import { type BuildEnvironment, substitute } from '../build-environment.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { displayPath, isOutside, joinPath, normalisePath } from '../repository/paths.ts';
import { type Found, walkTree } from '../repository/repository-view.ts';

/** A values file as Helm gets it. */
export type ValueFile = { kind: 'file'; path: string; oid: string } | { kind: 'url'; url: string };

/** Reference §7.2, `helm.valuesFileSchemes`. */
const allowedSchemes = ['https', 'http'];
const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
const globCharacters = /[*?[]/;
/** `$name/…`: the root of another source of the Application. */
const sourceReference = /^\$([A-Za-z0-9_-]+)(\/|$)/;

interface Place {
  inputs: InputRecorder;
  /** The chart's folder. */
  folder: string;
  /** What the file is, for error messages. */
  what: 'value file' | 'file parameter';
}

function problem(place: Place, path: string, text: string, cause?: unknown): PlumblineError {
  return new PlumblineError('RENDER_FAILED', `${place.what} ${path} ${text}`, { cause, details: { path } });
}

/** The file that an option names: relative to the chart, or with a leading `/` to the root of the repository. */
export async function findFile(place: Place, path: string): Promise<Found | null> {
  try {
    return await place.inputs.open(path.startsWith('/') ? '' : place.folder, path.replace(/^\/+/, ''));
  } catch (error) {
    if (!hasCode(error, 'RENDER_PATH_OUTSIDE')) throw error;
    throw problem(place, path, 'is outside the repository', error);
  }
}

/** The same, which must be there. */
export async function requireFile(place: Place, path: string): Promise<Found> {
  const found = await findFile(place, path);
  if (found?.kind === 'blob') return found;
  throw problem(place, path, found ? 'is not a file' : `does not exist at revision ${place.inputs.view.revision}`);
}

/** Paths (from the root) that match a glob, sorted. The folders that were searched become inputs. */
async function expandGlob(place: Place, pattern: string): Promise<Found[]> {
  const full = normalisePath(pattern.startsWith('/') ? pattern : joinPath(place.folder, pattern));
  if (isOutside(full)) throw problem(place, pattern, 'is outside the repository');
  const parts = full.split('/');
  const fixed = parts
    .slice(
      0,
      parts.findIndex((part) => globCharacters.test(part)),
    )
    .join('/');
  const base = await place.inputs.look('', fixed);
  if (base?.kind !== 'tree') return [];
  const matches = picomatch(full, { dot: true });
  const recurse = parts.length - fixed.split('/').filter(Boolean).length > 1;
  const found: Found[] = [];
  for await (const { path } of walkTree(place.inputs.view.reader, base.oid, { recurse, prefix: fixed })) {
    if (!matches(path)) continue;
    const file = await findFile(place, `/${path}`);
    if (file?.kind === 'blob') found.push(file);
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function refuseSourceReference(name: string, environment: BuildEnvironment): void {
  const match = sourceReference.exec(name);
  if (!match?.[1] || Object.hasOwn(environment, match[1])) return;
  throw new PlumblineError(
    'RENDER_INVALID_SOURCE',
    `value file ${name} refers to "$${match[1]}", and the Application has no such source`,
    {
      hint: 'sources of one Application refer to each other by ref',
    },
  );
}

/**
 * Values files in the order in which Helm reads them (reference §7.2): globs expanded and sorted; a file that is also
 * named itself keeps that place. Throws `RENDER_FAILED` naming a file that is missing or outside the repository.
 */
export async function resolveValueFiles(
  inputs: InputRecorder,
  folder: string,
  {
    names,
    ignoreMissing,
    environment,
  }: { names: readonly string[]; ignoreMissing: boolean; environment: BuildEnvironment },
): Promise<ValueFile[]> {
  const place: Place = { inputs, folder, what: 'value file' };
  const listed: (ValueFile & { explicit: boolean })[] = [];
  for (const name of names) {
    refuseSourceReference(name, environment);
    const path = substitute(name, environment);
    const remote = scheme.exec(path)?.[1]?.toLowerCase();
    if (remote !== undefined) {
      if (!allowedSchemes.includes(remote))
        throw problem(place, path, `has the scheme ${remote}, which is not allowed`);
      listed.push({ kind: 'url', url: path, explicit: true });
      continue;
    }
    const explicit = await findFile(place, path);
    if (explicit?.kind === 'blob' || !globCharacters.test(path)) {
      if (!explicit && ignoreMissing) continue;
      const file = await requireFile(place, path);
      listed.push({ kind: 'file', path: file.path, oid: file.oid, explicit: true });
      continue;
    }
    const matched = await expandGlob(place, path);
    if (matched.length === 0 && !ignoreMissing) throw problem(place, path, `matches no file in ${displayPath(folder)}`);
    for (const file of matched) listed.push({ kind: 'file', path: file.path, oid: file.oid, explicit: false });
  }
  const explicitPaths = new Set(listed.flatMap((file) => (file.kind === 'file' && file.explicit ? [file.path] : [])));
  const seen = new Set<string>();
  return listed
    .filter((file) => {
      if (file.kind === 'url' || file.explicit) return true;
      if (explicitPaths.has(file.path) || seen.has(file.path)) return false;
      seen.add(file.path);
      return true;
    })
    .map(({ explicit: _explicit, ...file }) => file);
}
