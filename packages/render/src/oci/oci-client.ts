import { createHash } from 'node:crypto';
import { hasCode } from '@plumbline/errors';
import { checkDigest } from '../charts/digests.ts';
import type { ChartAccess } from '../charts/types.ts';
import type { OciManifest } from './content-layer.ts';
import { badAnswer, parseJson, readManifest } from './oci-answers.ts';
import { type AskRegistry, createAskRegistry, type OciPlace } from './registry-requests.ts';

const maxManifestBytes = 4 * 1024 * 1024;
const maxTagPages = 200;
const maxTagPageBytes = 32 * 1024 * 1024;
const manifestTypes =
  'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

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

/** Where a registry answers: that of Docker Hub is not at the name that its artifacts have. */
export function registryHost(host: string): string {
  return host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host;
}

function apiOf(host: string, access: ChartAccess): string {
  return `${access.insecureOciForceHttp ? 'http' : 'https'}://${registryHost(host)}/v2/`;
}

/** The page after one, by its `Link`; never on another host, which would see the credentials. */
function nextPage(url: string, link: string): string | undefined {
  const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  if (!next) return undefined;
  const following = new URL(next, url);
  if (following.origin !== new URL(url).origin) throw badAnswer(url, 'continues its tags on another host');
  return following.href;
}

function listTags(ask: AskRegistry): OciClient['tags'] {
  return async (place, access, signal) => {
    const tags: string[] = [];
    let url = `${apiOf(place.host, access)}${place.name}/tags/list?n=1000`;
    for (let page = 0; page < maxTagPages; page += 1) {
      const { body, headers } = await ask(url, { place, access, maxBytes: maxTagPageBytes, signal });
      const listed = parseJson(url, body)['tags'];
      if (Array.isArray(listed)) tags.push(...listed.filter((tag) => typeof tag === 'string'));
      const next = nextPage(url, headers['link'] ?? '');
      if (!next) return tags;
      url = next;
    }
    throw badAnswer(url, 'has too many tags');
  };
}

/** A manifest is checked against its digest: the one asked for, or where a tag was the one the registry names. */
function fetchManifest(ask: AskRegistry): OciClient['manifest'] {
  return async (place, access, reference, signal) => {
    const url = `${apiOf(place.host, access)}${place.name}/manifests/${reference}`;
    const asking = { place, access, maxBytes: maxManifestBytes, accept: manifestTypes, signal };
    const { body, headers } = await ask(url, asking);
    const digest = reference.startsWith('sha256:') ? reference : headers['docker-content-digest'];
    const name = `${place.host}/${place.name}:${reference}`;
    checkDigest(body, digest?.startsWith('sha256:') ? digest.slice('sha256:'.length) : undefined, name);
    const own = digest?.startsWith('sha256:') ? digest : `sha256:${createHash('sha256').update(body).digest('hex')}`;
    return { digest: own, ...readManifest(name, parseJson(url, body)) };
  };
}

function fetchBlob(ask: AskRegistry): OciClient['blob'] {
  return async (place, access, { digest, maxBytes, signal }) => {
    const url = `${apiOf(place.host, access)}${place.name}/blobs/${digest}`;
    const { body } = await ask(url, { place, access, maxBytes, signal });
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw badAnswer(url, 'has a digest that cannot be checked');
    checkDigest(body, digest.slice('sha256:'.length), `${place.host}/${place.name}@${digest}`);
    return body;
  };
}

export function createOciClient(clock: () => number = Date.now): OciClient {
  const ask = createAskRegistry(clock);
  return {
    async ping(host, access, signal) {
      await ask(apiOf(host, access), { place: { host, name: '' }, access, maxBytes: maxManifestBytes, signal });
    },
    tags: listTags(ask),
    manifest: fetchManifest(ask),
    blob: fetchBlob(ask),
  };
}

/** Whether a registry says that there is no such repository or tag. */
export function isNotFound(error: unknown): boolean {
  return hasCode(error, 'DOWNLOAD_NOT_FOUND');
}
