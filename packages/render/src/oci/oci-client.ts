import { createHash } from 'node:crypto';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { boundedMap } from '../bounded-map.ts';
import { accessDigest, checkDigest } from '../charts/http-repository.ts';
import type { ChartAccess } from '../charts/types.ts';
import { type GuardedResponse, guardedFetch, publicUrl } from '../network/guarded-fetch.ts';
import type { OciManifest } from './content-layer.ts';

/** A repository of a registry. */
export interface OciPlace {
  /** `host[:port]`. */
  host: string;
  /** Path of the repository in the registry. */
  name: string;
}

const maxManifestBytes = 4 * 1024 * 1024;
const maxTagPages = 200;
const manifestTypes =
  'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

function badAnswer(url: string, problem: string): PlumblineError {
  return new PlumblineError('CHART_REGISTRY', `${publicUrl(url)} ${problem}`, { retry: 'transient' });
}

function parseJson(url: string, body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw badAnswer(url, 'answered what is no JSON');
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function readManifest(name: string, { config, layers, annotations }: Members): Omit<OciManifest, 'digest'> {
  if (!Array.isArray(layers)) {
    throw new PlumblineError('CHART_REGISTRY', `${name} is no manifest of one artifact`, {
      hint: 'an index of several artifacts, or an image of several platforms, cannot be a source',
    });
  }
  return {
    config: { mediaType: String(membersOf(config)['mediaType'] ?? '') },
    layers: layers.map(membersOf).map(({ mediaType, digest, size }) => ({
      mediaType: String(mediaType ?? ''),
      digest: String(digest ?? ''),
      size: Number(size ?? 0),
    })),
    annotations: Object.fromEntries(
      Object.entries(membersOf(annotations)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}

/** The parameters of `WWW-Authenticate: Bearer realm="…",service="…"`. */
function challengeOf(header: string): { scheme: string; parameters: Record<string, string> } {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? [];
  const parameters = Object.fromEntries(
    [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  return { scheme: scheme.toLowerCase(), parameters };
}

/** Talks to registries by the distribution API, version 2: basic credentials, or tokens that they are changed into. */
export interface OciClient {
  /** Asks whether the registry takes the credentials at all. Throws `DOWNLOAD_*`. */
  ping(host: string, access: ChartAccess, signal?: AbortSignal): Promise<void>;
  tags(place: OciPlace, access: ChartAccess, signal?: AbortSignal): Promise<string[]>;
  /** @param reference a tag or a digest. Throws `DOWNLOAD_NOT_FOUND`. */
  manifest(place: OciPlace, access: ChartAccess, reference: string, signal?: AbortSignal): Promise<OciManifest>;
  blob(
    place: OciPlace,
    access: ChartAccess,
    layer: { digest: string; maxBytes: number; signal?: AbortSignal | undefined },
  ): Promise<Buffer>;
}

interface Asking {
  place: OciPlace;
  access: ChartAccess;
  maxBytes: number;
  accept?: string;
  signal?: AbortSignal | undefined;
}

function withoutCredentials(access: ChartAccess): ChartAccess {
  const { username: _username, password: _password, bearerToken: _token, ...rest } = access;
  return rest;
}

/** Where a registry answers: that of Docker Hub is not at the name that its artifacts have. */
export function registryHost(host: string): string {
  return host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host;
}

export function createOciClient(clock: () => number = Date.now): OciClient {
  const tokens = boundedMap<string, { header: string; until: number }>(1_000);

  const baseOf = (place: OciPlace, access: ChartAccess) =>
    `${access.insecureOciForceHttp ? 'http' : 'https'}://${registryHost(place.host)}/v2/${place.name}`;

  const tokenKey = ({ place, access }: Asking) => `${place.host}/${place.name} ${accessDigest(access)}`;

  const fetchToken = async (url: string, header: string, asking: Asking): Promise<string> => {
    const { scheme, parameters } = challengeOf(header);
    if (scheme !== 'bearer' || !parameters['realm'] || !URL.canParse(parameters['realm'])) {
      throw new PlumblineError('DOWNLOAD_AUTHENTICATION', `${publicUrl(url)} refuses the credentials`, {
        hint: 'check username and password in the Secret of the repository',
      });
    }
    const realm = new URL(parameters['realm']);
    if (realm.protocol !== 'https:' && !url.startsWith('http:'))
      throw badAnswer(url, 'wants tokens to be fetched without encryption');
    if (parameters['service']) realm.searchParams.set('service', parameters['service']);
    realm.searchParams.set('scope', parameters['scope'] || `repository:${asking.place.name}:pull`);
    const { body } = await guardedFetch(realm.href, {
      maxBytes: maxManifestBytes,
      access: asking.access,
      signal: asking.signal,
    });
    const answer = parseJson(realm.href, body);
    const token = answer['token'] ?? answer['access_token'];
    if (typeof token !== 'string' || token === '') throw badAnswer(realm.href, 'gave no token');
    const seconds = typeof answer['expires_in'] === 'number' ? answer['expires_in'] : 60;
    const bearer = `Bearer ${token}`;
    tokens.set(tokenKey(asking), { header: bearer, until: clock() + (seconds - 10) * 1000 });
    return bearer;
  };

  const send = (url: string, asking: Asking, authorization: string | undefined): Promise<GuardedResponse> =>
    guardedFetch(url, {
      maxBytes: asking.maxBytes,
      timeoutMs: 120_000,
      access: authorization ? withoutCredentials(asking.access) : asking.access,
      headers: { accept: asking.accept ?? '*/*', ...(authorization ? { authorization } : {}) },
      statuses: [200, 401],
      signal: asking.signal,
    });

  const ask = async (url: string, asking: Asking): Promise<GuardedResponse> => {
    const token = tokens.get(tokenKey(asking));
    const known = token && token.until > clock() ? token.header : undefined;
    const first = await send(url, asking, known);
    if (first.status !== 401) return first;
    const header = await fetchToken(url, first.headers['www-authenticate'] ?? '', asking);
    const second = await send(url, asking, header);
    if (second.status !== 401) return second;
    throw new PlumblineError('DOWNLOAD_AUTHENTICATION', `${publicUrl(url)} refuses the credentials`, {
      hint: 'check that the user of the Secret may pull',
    });
  };

  return {
    async ping(host, access, signal) {
      const scheme = access.insecureOciForceHttp ? 'http' : 'https';
      const asking = { place: { host, name: '' }, access, maxBytes: maxManifestBytes, signal };
      await ask(`${scheme}://${registryHost(host)}/v2/`, asking);
    },

    async tags(place, access, signal) {
      const tags: string[] = [];
      let url = `${baseOf(place, access)}/tags/list?n=1000`;
      for (let page = 0; page < maxTagPages; page += 1) {
        const { body, headers } = await ask(url, { place, access, maxBytes: 32 * 1024 * 1024, signal });
        const listed = parseJson(url, body)['tags'];
        if (Array.isArray(listed)) tags.push(...listed.filter((tag) => typeof tag === 'string'));
        const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers['link'] ?? '')?.[1];
        if (!next) return tags;
        const following = new URL(next, url);
        if (following.origin !== new URL(url).origin) throw badAnswer(url, 'continues its tags on another host');
        url = following.href;
      }
      throw badAnswer(url, 'has too many tags');
    },

    async manifest(place, access, reference, signal) {
      const url = `${baseOf(place, access)}/manifests/${reference}`;
      const { body, headers } = await ask(url, {
        place,
        access,
        maxBytes: maxManifestBytes,
        accept: manifestTypes,
        signal,
      });
      const digest = reference.startsWith('sha256:') ? reference : headers['docker-content-digest'];
      const name = `${place.host}/${place.name}:${reference}`;
      checkDigest(body, digest?.startsWith('sha256:') ? digest.slice('sha256:'.length) : undefined, name);
      const own = digest?.startsWith('sha256:') ? digest : `sha256:${createHash('sha256').update(body).digest('hex')}`;
      return { digest: own, ...readManifest(name, parseJson(url, body)) };
    },

    async blob(place, access, { digest, maxBytes, signal }) {
      const url = `${baseOf(place, access)}/blobs/${digest}`;
      const { body } = await ask(url, { place, access, maxBytes, signal });
      if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw badAnswer(url, 'has a digest that cannot be checked');
      checkDigest(body, digest.slice('sha256:'.length), `${place.host}/${place.name}@${digest}`);
      return body;
    },
  };
}

/** Whether a registry says that there is no such repository or tag. */
export function isNotFound(error: unknown): boolean {
  return hasCode(error, 'DOWNLOAD_NOT_FOUND');
}
