import { hasCode, PlumblineError } from '@plumbline/errors';
import { parseJson, stringifyJson } from '@plumbline/manifests';
import type { Logger, Metrics } from '@plumbline/telemetry';
import { resolveAccess } from './access/access.ts';
import { exec } from './containers/exec.ts';
import { readLines } from './containers/read-lines.ts';
import { createDiscovery, type Resolve } from './discovery/discovery.ts';
import { createReader } from './objects/reader.ts';
import { createWriter } from './objects/writer.ts';
import { createRequestCounter } from './requests/request-counter.ts';
import { isAnswer, noSuchKind } from './transport/errors.ts';
import { createTransport, type Transport } from './transport/transport.ts';
import type { ClusterAccess, Discovery, KubeClient } from './types.ts';
import { createQuietWatches } from './watch/quiet-watches.ts';
import { createReachability } from './watch/reachability.ts';
import { defaultWatchTiming, runWatch, type WatchTiming } from './watch/watch.ts';

export interface ConnectOptions {
  logger: Logger;
  metrics?: Metrics | undefined;
  /** Times of watches; for tests. */
  watchTiming?: Partial<WatchTiming>;
}

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

function isMethod(method: string): method is 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' {
  return methods.has(method);
}

async function raw(
  transport: Transport,
  ...[method, path, body, options]: Parameters<KubeClient['raw']>
): Promise<unknown> {
  if (!isMethod(method)) throw new PlumblineError('KUBE_INVALID', `${method} is not a method of the API`);
  const answer = await transport.send({
    verb: 'raw',
    method,
    path,
    retry: method === 'GET' ? 'idempotent' : 'refused',
    ...(body === undefined ? {} : { body: stringifyJson(body) }),
    signal: options?.signal,
  });
  const type = answer.headers['content-type'];
  return typeof type === 'string' && type.includes('json') ? parseJson(answer.text) : answer.text;
}

/** Throws where nobody answers; a refusal is an answer. */
async function probe(transport: Transport, signal: AbortSignal): Promise<void> {
  await transport
    .send({ verb: 'probe', method: 'GET', path: '/version', retry: 'never', signal })
    .catch((error: unknown) => {
      if (!isAnswer(error)) throw error;
    });
}

/** Where an answer shows that discovery is out of date, it is read again for the next call. */
function refreshOnMissingPath(transport: Transport, discovery: () => Discovery): Transport {
  const look = (error: unknown): never => {
    if (hasCode(error, 'KUBE_NO_SUCH_KIND'))
      discovery()
        .refresh()
        .catch(() => undefined);
    throw error;
  };
  return {
    ...transport,
    send: (call) => transport.send(call).catch(look),
  };
}

/** Everything that is done by one call over this transport. */
function callsOver(transport: Transport, resolve: Resolve) {
  return {
    ...createReader(transport, resolve),
    ...createWriter(transport, resolve),
    raw: (...parameters) => raw(transport, ...parameters),
    readLines: (...parameters) => readLines(transport, ...parameters),
    exec: (...parameters) => exec((path, options) => transport.socket({ path }, options), ...parameters),
  } satisfies Partial<KubeClient>;
}

/** A client whose reads and writes are those of another user; what it knows of the cluster is the first one's. */
function impersonated(
  client: KubeClient,
  { user, transport, resolve }: { user: string; transport: Transport; resolve: Resolve },
): KubeClient {
  const acting: Transport = {
    ...transport,
    send: (call) => transport.send({ ...call, impersonate: user }),
    stream: (call, ...rest) => transport.stream({ ...call, impersonate: user }, ...rest),
    socket: (call, options) => transport.socket({ ...call, impersonate: user }, options),
  };
  return {
    ...client,
    ...callsOver(acting, resolve),
    impersonate: (other) => client.impersonate(other),
    close: async () => undefined,
  };
}

/** {@link KubeClient.watch} of a client that lives as long as the signal; its watches tell each other of trouble. */
function createWatch(
  { base, transport, resolve }: { base: Transport; transport: Transport; resolve: Resolve },
  timing: WatchTiming,
  closed: AbortSignal,
): KubeClient['watch'] {
  const reachability = createReachability({
    probe: (signal) => probe(base, signal),
    backoff: { baseMs: timing.backoff.baseMs, maxMs: timing.unreachableMs },
    signal: closed,
  });
  const quiet = createQuietWatches({ signal: closed });
  return async (kind, options) => {
    const signal = AbortSignal.any([options.signal, closed]);
    const resource = await resolve(kind).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    const { namespace } = kind;
    const shared = { timing, reachability, quiet };
    if (resource) await runWatch(transport, { ...options, ...shared, signal, resource, namespace });
  };
}

/**
 * Opens a client. No request is made but for discovery (`KUBE_UNAVAILABLE`, `KUBE_UNAUTHORIZED` … when that fails).
 * Unusable access is `KUBE_CONFIG`.
 */
export async function connect(access: ClusterAccess, options: ConnectOptions): Promise<KubeClient> {
  const { logger, metrics } = options;
  const endpoint = await resolveAccess(access);
  const counter = createRequestCounter(metrics);
  const base = createTransport(endpoint, { logger, counter });
  const discovery = createDiscovery({ transport: base, logger });
  const transport = refreshOnMissingPath(base, () => discovery);
  try {
    await discovery.refresh();
  } catch (error) {
    await base.close();
    throw error;
  }
  const resolve: Resolve = async (kind) => {
    const resource = await discovery.find(kind);
    if (!resource) throw noSuchKind(kind, endpoint.server);
    return resource;
  };
  const timing = { ...defaultWatchTiming, ...options.watchTiming };
  const closed = new AbortController();
  const client: KubeClient = {
    server: endpoint.server,
    discovery,
    ...callsOver(transport, resolve),
    watch: createWatch({ base, transport, resolve }, timing, closed.signal),
    version: async () => (await raw(transport, 'GET', '/version')) as Awaited<ReturnType<KubeClient['version']>>,
    requestCounts: () => counter.counts(),
    impersonate: (user) => impersonated(client, { user, transport, resolve }),
    close: () => {
      closed.abort();
      return base.close();
    },
  };
  return client;
}
