import { type Application, sourcesOf } from '@plumbline/apis';
import { apiFailure } from '../http/api-failure.ts';
import { projectOf } from './filter.ts';
import { compareText } from './sort-text.ts';

/** Which part of a list a caller wants, and in which order. */
export interface PageQuery {
  limit?: number | undefined;
  /** Of the page before. */
  continue?: string | undefined;
  /** A key of {@link sortKeys}, with `-` before it in falling order. */
  sort?: string | undefined;
  /** Words that an Application must have all of, in whatever case. */
  q?: string | undefined;
}

export interface Page {
  items: Application[];
  /** Absent where nothing follows. */
  continue?: string;
  remainingItemCount?: number;
}

/** What lists can be sorted by. */
export const sortKeys: Readonly<Record<string, (application: Application) => string>> = {
  name: ({ metadata }) => metadata.name,
  namespace: ({ metadata }) => metadata.namespace ?? '',
  project: projectOf,
  sync: ({ status }) => status?.sync?.status ?? '',
  health: ({ status }) => status?.health?.status ?? '',
  destination: ({ spec: { destination } }) => destination.name || destination.server || '',
  createdAt: ({ metadata }) => metadata.creationTimestamp ?? '',
  reconciledAt: ({ status }) => status?.reconciledAt ?? '',
};

const idOf = ({ metadata }: Application): string => `${metadata.name}\0${metadata.namespace ?? ''}`;

/** What a search looks at. */
function searched(application: Application): string {
  const { metadata, spec, status } = application;
  const { server, name, namespace } = spec.destination;
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const sources = sourcesOf(spec).flatMap(({ repoURL, path, chart, targetRevision }) => [
    repoURL,
    path,
    chart,
    targetRevision,
  ]);
  const states = [status?.sync?.status, status?.health?.status];
  const all = [metadata.name, metadata.namespace, projectOf(application), server, name, namespace];
  return [...all, ...sources, ...states, ...labels].join('\n').toLowerCase();
}

/** The Applications that a search finds. */
export function found(applications: Application[], q = ''): Application[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return applications;
  return applications.filter((application) => {
    const text = searched(application);
    return words.every((word) => text.includes(word));
  });
}

type Place = readonly [key: string, id: string];

function placeAfter(token: string): Place {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string')
      return [value[0], value[1]];
  } catch {
    // As below.
  }
  throw apiFailure('InvalidArgument', 'continue: it is no token of a page of this list');
}

/**
 * One page. A token names the last Application of the page before, not a number: what comes and goes between two pages
 * neither repeats nor hides others. Throws `InvalidArgument`.
 */
export function pageOf(applications: Application[], query: PageQuery): Page {
  const falling = query.sort?.startsWith('-') ?? false;
  const by = (query.sort ?? 'name').replace(/^-/, '');
  const key = Object.hasOwn(sortKeys, by) ? sortKeys[by] : undefined;
  if (!key) {
    throw apiFailure('InvalidArgument', `sort: "${query.sort}" is none of ${Object.keys(sortKeys).join(', ')}`);
  }
  const compare = (a: Place, b: Place): number =>
    (falling ? -1 : 1) * compareText(a[0], b[0]) || compareText(a[1], b[1]);
  const placed = found(applications, query.q)
    .map((application): [Place, Application] => [[key(application), idOf(application)], application])
    .sort(([a], [b]) => compare(a, b));
  const after = query.continue ? placeAfter(query.continue) : undefined;
  const rest = after ? placed.filter(([place]) => compare(place, after) > 0) : placed;
  const shown = query.limit ? rest.slice(0, query.limit) : rest;
  const items = shown.map(([, application]) => application);
  const last = shown.at(-1)?.[0];
  if (!last || shown.length === rest.length) return { items };
  const token = Buffer.from(JSON.stringify(last)).toString('base64url');
  return { items, continue: token, remainingItemCount: rest.length - shown.length };
}
