import type { Route } from '@plumbline/protocol';

type Query = Readonly<Record<string, unknown>>;

/** What counts where query and body both can say it: the query, unless it says nothing. */
function text(query: unknown, body: unknown): unknown {
  if (query !== undefined && query !== '') return query;
  return typeof body === 'string' && body !== '' ? body : query;
}

/** The query of a request, with what its body says of where the Application is (reference §8.2). */
export function queryOf({ placeInBody }: Pick<Route, 'placeInBody'>, query: Query, body: unknown): Query {
  if (!placeInBody || typeof body !== 'object' || body === null) return query;
  const { appNamespace, project } = body as { appNamespace?: unknown; project?: unknown };
  const place = { appNamespace: text(query['appNamespace'], appNamespace), project: text(query['project'], project) };
  return { ...query, ...Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined)) };
}
