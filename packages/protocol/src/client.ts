import {
  type Answer,
  type BodyInput,
  type CallName,
  type ParamNames,
  type QueryInput,
  type Route,
  type RouteName,
  type Routes,
  routes,
  type StreamName,
} from './routes.ts';
import { ApiError, apiErrorOf } from './wire/api-error.ts';
import { frames } from './wire/frames.ts';

/** What a call carries: path parameters where the path has some, query and body where the route takes them. */
export type CallOptions<N extends RouteName> = ([ParamNames<Routes[N]['path']>] extends [never]
  ? { params?: undefined }
  : { params: Record<ParamNames<Routes[N]['path']>, string> }) &
  (BodyInput<N> extends undefined ? { body?: undefined } : { body: BodyInput<N> }) & {
    query?: QueryInput<N>;
    signal?: AbortSignal;
  };

/** Options may be left out where nothing in them is required. */
type Args<N extends RouteName> = object extends CallOptions<N> ? [options?: CallOptions<N>] : [options: CallOptions<N>];

export interface ApiClient {
  readonly url: string;
  /** Calls a route by its name. Throws {@link ApiError}. */
  call<N extends CallName>(name: N, ...args: Args<N>): Promise<Answer<N>>;
  /** The frames of a stream, until it ends or the signal aborts. Throws {@link ApiError}, also for error frames. */
  stream<N extends StreamName>(name: N, ...args: Args<N>): AsyncIterable<Answer<N>>;
}

export interface ApiClientOptions {
  /** Root of the server, for example `http://localhost:8080`. */
  url: string;
  token?: string | undefined;
  /** Default the global one. */
  fetch?: typeof fetch | undefined;
}

interface LooseOptions {
  params?: Record<string, string> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Fills the placeholders of a path and adds the query; repeated parameters for lists, nothing for undefined. */
export function requestPath(
  path: string,
  params: Record<string, string> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) search.append(key, String(item));
    }
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

/** A client of the REST API, typed by the route table. Answers are not validated: the server is trusted. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const url = options.url.replace(/\/+$/, '');
  const send = async (route: Route, { params, query, body, signal }: LooseOptions): Promise<Response> => {
    const target = url + requestPath(route.path, params, query);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (options.token) headers['authorization'] = `Bearer ${options.token}`;
    if (route.method !== 'GET') headers['content-type'] = 'application/json';
    const request = { method: route.method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const run = options.fetch ?? fetch;
    const response = await run(target, { ...request, signal: signal ?? null }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new ApiError(0, 14, `cannot reach ${url}: ${causeOf(error)}`);
    });
    if (!response.ok) throw await apiErrorOf(response);
    return response;
  };
  async function* stream(route: Route, loose: LooseOptions): AsyncGenerator<unknown> {
    const response = await send(route, loose);
    if (response.body) yield* frames(response.body);
  }
  return {
    url,
    call: async <N extends CallName>(name: N, ...[loose]: Args<N>) => {
      const response = await send(routes[name], (loose ?? {}) as LooseOptions);
      return (await response.json()) as Answer<N>;
    },
    stream: <N extends StreamName>(name: N, ...[loose]: Args<N>) =>
      stream(routes[name], (loose ?? {}) as LooseOptions) as AsyncIterable<Answer<N>>,
  };
}

/** fetch hides the reason ("connect ECONNREFUSED …") in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}
