import { errorMessage, PlumblineError } from '@plumbline/errors';
import { joinApiVersion } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import type { Transport } from '../transport/transport.ts';
import { classicVersions, parseAggregated, parseClassic, type ServedVersion } from './discovery-document.ts';

const aggregated =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

interface Page {
  etag: string | undefined;
  served: readonly ServedVersion[];
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

/** Reads what one API server serves; asks with the ETags of what it read last. */
export class DiscoveryReader {
  readonly #transport: Transport;
  readonly #logger: Logger;
  #pages: [Page, Page] | undefined;
  #served: readonly ServedVersion[] = [];

  constructor(transport: Transport, logger: Logger) {
    this.#transport = transport;
    this.#logger = logger;
  }

  /** What the last read found; empty before. */
  get served(): readonly ServedVersion[] {
    return this.#served;
  }

  /** The next read takes the documents whole, whatever their ETags say. */
  forgetPages(): void {
    this.#pages = undefined;
  }

  /** False where nothing has changed since the last read. */
  async read(): Promise<boolean> {
    const before = this.#served;
    this.#served = await this.#readServed();
    return this.#served !== before;
  }

  async #readServed(): Promise<readonly ServedVersion[]> {
    const known = this.#pages;
    const [core, groups] = await Promise.all([
      readAggregated(this.#transport, '/api', known?.[0]),
      readAggregated(this.#transport, '/apis', known?.[1]),
    ]);
    if (!core || !groups) return readClassic(this.#transport, this.#logger);
    if (core.served.length === 0)
      throw new PlumblineError('KUBE_ERROR', 'the API server names no API at /api', { retry: 'transient' });
    if (this.#pages && core === this.#pages[0] && groups === this.#pages[1]) return this.#served;
    this.#pages = [core, groups];
    return keepStale([...core.served, ...groups.served], this.#served);
  }
}
