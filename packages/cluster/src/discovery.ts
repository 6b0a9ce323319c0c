import { errorMessage, PlumblineError } from '@plumbline/errors';
import { joinApiVersion } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import {
  classicVersions,
  indexServed,
  parseAggregated,
  parseClassic,
  type ServedIndex,
  type ServedVersion,
} from './discovery-document.ts';
import type { Transport } from './transport.ts';
import type { ApiResource, Discovery } from './types.ts';

const aggregated =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
const missIntervalMs = 1_000;
/** So often a kind that is not known has the documents read whole, whatever their ETags say: a proxy may have cut them. */
const wholeIntervalMs = 10_000;

interface Page {
  etag: string | undefined;
  served: readonly ServedVersion[];
}

/** Finds the resource of a kind; an unknown one is `KUBE_NO_SUCH_KIND`. */
export type Resolve = (kind: { apiVersion: string; kind: string }) => Promise<ApiResource>;

export interface DiscoveryOptions {
  transport: Transport;
  logger: Logger;
  /** Milliseconds; for tests. */
  now?: () => number;
}

/** Reads one of `/api` and `/apis`; `undefined` where the server has no aggregated discovery. */
async function readAggregated(transport: Transport, path: string, known: Page | undefined): Promise<Page | undefined> {
  const answer = await transport.send({
    verb: 'discovery',
    method: 'GET',
    path,
    accept: aggregated,
    ifNoneMatch: known?.etag,
    retry: 'idempotent',
  });
  if (answer.status === 304 && known) return known;
  const document: unknown = JSON.parse(answer.text);
  if ((document as { kind?: string }).kind !== 'APIGroupDiscoveryList') return undefined;
  const etag = answer.headers['etag'];
  return { etag: typeof etag === 'string' ? etag : undefined, served: parseAggregated(document) };
}

async function readClassic(transport: Transport, logger: Logger): Promise<ServedVersion[]> {
  const read = async (path: string): Promise<unknown> =>
    JSON.parse((await transport.send({ verb: 'discovery', method: 'GET', path, retry: 'idempotent' })).text);
  const [core, groups] = await Promise.all([read('/api'), read('/apis')]);
  const versions = classicVersions(core, groups);
  return Promise.all(
    versions.map(async ({ group, version }) => {
      try {
        const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
        return parseClassic(group, version, await read(path));
      } catch (error) {
        logger.warn('an API group cannot be read', {
          apiVersion: joinApiVersion(group, version),
          error: errorMessage(error),
        });
        return { group, version, stale: true, resources: [] };
      }
    }),
  );
}

/** A version whose server does not answer keeps the resources that were known of it. */
function keepStale(next: readonly ServedVersion[], before: readonly ServedVersion[]): ServedVersion[] {
  return next.map((entry) => {
    if (!entry.stale || entry.resources.length > 0) return entry;
    const known = before.find(({ group, version }) => group === entry.group && version === entry.version);
    return known ? { ...known, stale: true } : entry;
  });
}

/** Discovery over a transport. Empty until the first `refresh`. */
export function createDiscovery({ transport, logger, now = Date.now }: DiscoveryOptions): Discovery {
  let pages: [Page, Page] | undefined;
  let served: readonly ServedVersion[] = [];
  let index: ServedIndex = indexServed([]);
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  const missed = new Map<string, number>();
  let wholeAt = 0;

  const read = async (): Promise<readonly ServedVersion[]> => {
    const [core, groups] = await Promise.all([
      readAggregated(transport, '/api', pages?.[0]),
      readAggregated(transport, '/apis', pages?.[1]),
    ]);
    if (!core || !groups) return readClassic(transport, logger);
    if (core.served.length === 0)
      throw new PlumblineError('KUBE_ERROR', 'the API server names no API at /api', { retry: 'transient' });
    if (pages && core === pages[0] && groups === pages[1]) return served;
    pages = [core, groups];
    return keepStale([...core.served, ...groups.served], served);
  };

  const run = async (): Promise<void> => {
    try {
      const next = await read();
      if (next === served) return;
      served = next;
      index = indexServed(served);
    } finally {
      running = undefined;
    }
  };

  /** A call joins a refresh that has not begun, never one under way: that may have read before the caller's cause. */
  const refresh = (): Promise<void> => {
    if (!running) {
      running = run();
      return running;
    }
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        running ??= run();
        return running;
      });
    return queued;
  };

  const find: Discovery['find'] = async ({ apiVersion, kind }) => {
    const name = `${apiVersion}/${kind}`;
    const known = index.byVersion.get(name);
    if (known) return known;
    const last = missed.get(name);
    if (last !== undefined && now() - last < missIntervalMs) return undefined;
    missed.set(name, now());
    if (now() - wholeAt >= wholeIntervalMs) {
      wholeAt = now();
      pages = undefined;
    }
    await refresh();
    const found = index.byVersion.get(name);
    if (found) missed.delete(name);
    return found;
  };

  return {
    find,
    preferred: ({ group, kind }) => index.byGroupKind.get(`${group}/${kind}`),
    all: () => index.watchable,
    apiVersions: () => index.apiVersions,
    unanswered: () => served.filter(({ stale }) => stale).map(({ group, version }) => joinApiVersion(group, version)),
    refresh,
  };
}
