import { type Application, type ApplicationSource, annotations, sourcesOf } from '@plumbline/apis';
import { parseConstraint, tagVersion } from '@plumbline/git';
import picomatch from 'picomatch';
import type { PushEvent } from './push-event.ts';

const places = new Map<string, string | undefined>();
/** Thousands of Applications have few addresses between them, and each push asks about all of them. */
const maxPlaces = 20_000;

/** Host and path of a repository, however its address is written; undefined where it has none. */
export function placeOf(address: string): string | undefined {
  const known = places.get(address);
  if (known !== undefined || places.has(address)) return known;
  if (places.size >= maxPlaces) places.clear();
  const place = readPlace(address);
  places.set(address, place);
  return place;
}

function readPlace(address: string): string | undefined {
  const scp = /^(?:[^/:@\s]+@)?([^/:@\s]+):(?!\/\/)(.+)$/.exec(address.trim());
  const written = address.includes('://') || !scp ? address.trim() : `ssh://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(written)) return undefined;
  const { hostname, pathname } = new URL(written);
  const host = hostname.toLowerCase().replace(/^(alt)?ssh\.(?=.+\.)/, '');
  const path = decoded(pathname)
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
  if (host === '' || path === '') return undefined;
  if (!/(^|\.)(dev\.azure\.com|visualstudio\.com)$/.test(host)) return `${host}/${path}`;
  return `${host}/${path.replace(/^v3\//, '').replace(/(^|\/)_git\//, '$1')}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The address of what a source reads: of a chart in a registry its own. */
function placeOfSource({ repoURL, chart }: ApplicationSource, { artifact }: PushEvent): string | undefined {
  if (!artifact) return placeOf(repoURL);
  const registry = repoURL.includes('://') ? repoURL : `oci://${repoURL}`;
  // URL knows no host in addresses of other schemes than its own.
  return placeOf(`${registry.replace(/^oci:/i, 'https:')}${chart ? `/${chart}` : ''}`);
}

/** Whether what a source wants may be another commit now. */
export function revisionConcerned(targetRevision: string | undefined, event: PushEvent): boolean {
  const wanted = (targetRevision ?? '').replace(/^refs\/(heads|tags)\//, '');
  if (wanted === '' || wanted === 'HEAD') return event.touchesHead;
  if (wanted === event.revision) return true;
  const allows = parseConstraint(wanted);
  const version = tagVersion(event.revision.replaceAll('_', '+'));
  return allows !== undefined && version !== undefined && allows(version);
}

/** A path from the root of the repository, without `.` and `..`. */
function rooted(path: string, folder: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Whether files concern a source by its Application's annotation; without it, or with no files known, always. */
export function filesConcerned(
  paths: string | undefined,
  source: ApplicationSource,
  files: string[] | undefined,
): boolean {
  if (!paths?.trim() || !files) return true;
  const wanted = paths
    .split(';')
    .filter((path) => path.trim() !== '')
    .map((path) => rooted(path.trim(), source.path ?? ''));
  return wanted.some((path) => {
    if (path === '') return true;
    const glob = /[*?[{]/.test(path) ? picomatch(path, { dot: true }) : undefined;
    return files.some((file) => file === path || file.startsWith(`${path}/`) || glob?.(file) === true);
  });
}

/** Whether an Application may be another one after the push (reference §8.4). */
export function isAffected(application: Application, event: PushEvent): boolean {
  const pushed = new Set(
    event.urls.flatMap((url) => placeOf(event.artifact ? url.replace(/^oci:/i, 'https:') : url) ?? []),
  );
  const paths = application.metadata.annotations?.[annotations.manifestGeneratePaths];
  return sourcesOf(application.spec).some((source) => {
    const place = placeOfSource(source, event);
    if (place === undefined || !pushed.has(place)) return false;
    return revisionConcerned(source.targetRevision, event) && filesConcerned(paths, source, event.files);
  });
}
