import { PlumblineError } from '@plumbline/errors';
import { type ArchiveLimits, chartLayerType } from '../charts/archive-limits.ts';
import { isExactVersion, isRange, selectVersion, versionNotFound } from '../charts/chart-version.ts';
import { accessDigest } from '../charts/http-repository.ts';
import type { ChartAccess, ChartOptions, ChartReference, ChartRepository } from '../charts/types.ts';
import { publicUrl } from '../network/guarded-fetch.ts';
import { contentLayer, type OciManifest } from './content-layer.ts';
import { createOciClient, isNotFound } from './oci-client.ts';
import type { OciPlace } from './registry-requests.ts';

/** A layer is held in memory while it is checked. */
const maxLayerBytes = 256 * 1024 * 1024;

/** `host/path` and the chart's name below it. Throws `RENDER_INVALID_SOURCE`. */
function placeOf({ repoURL, chart }: Pick<ChartReference, 'repoURL' | 'chart'>): OciPlace {
  const [host = '', ...path] = repoURL
    .replace(/^oci:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  const name = [...path, ...(chart ? chart.split('/') : [])].join('/');
  if (/^[A-Za-z0-9.[\]:-]+$/.test(host) && /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(name)) return { host, name };
  throw new PlumblineError(
    'RENDER_INVALID_SOURCE',
    `${publicUrl(`oci://${repoURL.replace(/^oci:\/\//i, '')}`)}${chart ? `, chart ${chart}` : ''}: no name of an artifact in a registry`,
    {
      hint: 'a registry is written as oci://host/path, in lower case; user and password belong into a Secret',
    },
  );
}

/** Whether a text asks for a version among the tags; other texts are tags or digests. */
function isConstraint(text: string): boolean {
  if (isExactVersion(text) || text.startsWith('sha256:') || text.trim() === '') return false;
  return isRange(text);
}

const display = ({ host, name }: OciPlace) => `${host}/${name}`;

/** Whether a text can be a tag, or the digest of a manifest. */
function isReference(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(text) || /^sha256:[0-9a-f]{64}$/.test(text);
}

interface Asked {
  place: OciPlace;
  access: ChartAccess;
  options: ChartOptions;
}

/** Charts and artifacts of OCI registries. `+` of a version is written `_` in a tag. */
export function ociRegistries(limits: () => ArchiveLimits): ChartRepository {
  const client = createOciClient();

  const notFound = (place: OciPlace): PlumblineError =>
    new PlumblineError('CHART_NOT_FOUND', `${display(place)} does not exist in its registry`, {
      hint: 'check repoURL and chart, and that the user of the Secret may see it',
    });

  /** The tag of the highest version that is wanted. */
  const select = async ({ place, access, options }: Asked, wanted: string): Promise<string> => {
    const tags = await client.tags(place, access, options.signal).catch((error: unknown) => {
      throw isNotFound(error) ? notFound(place) : error;
    });
    const versions = tags.map((tag) => tag.replaceAll('_', '+'));
    const selected = selectVersion(versions, wanted);
    if (selected === undefined) throw versionNotFound(display(place), wanted, versions);
    return selected;
  };

  const fetchManifest = async ({ place, access, options }: Asked, version: string): Promise<OciManifest> => {
    const reference = version.replaceAll('+', '_');
    if (!isReference(reference)) {
      throw new PlumblineError('CHART_VERSION_NOT_FOUND', `${display(place)}: "${version}" is no tag, digest or range`);
    }
    try {
      return await client.manifest(place, access, reference, options.signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const tags = await client.tags(place, access, options.signal).catch(() => undefined);
      throw tags ? versionNotFound(display(place), version, tags) : notFound(place);
    }
  };

  const chartVersion = async (asked: Asked, wanted: string): Promise<string> =>
    isConstraint(wanted) ? select(asked, wanted) : wanted;

  /** A tag wins over the range that its text could be as well, as `1.2` or `v1` could. */
  const artifact = async (asked: Asked, wanted: string): Promise<OciManifest> => {
    const text = wanted.trim() || 'latest';
    if (!isConstraint(text)) return fetchManifest(asked, text);
    if (isReference(text)) {
      try {
        return await client.manifest(asked.place, asked.access, text, asked.options.signal);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return fetchManifest(asked, await select(asked, text));
  };

  return {
    async check(repoURL, access, { signal }) {
      const [host = ''] = repoURL.replace(/^oci:\/\//i, '').split('/');
      // A registry may let in for one repository only: where one is named, it is asked for.
      if (!/^(oci:\/\/)?[^/]+\/[^/]/i.test(repoURL)) return client.ping(host, access, signal);
      await client.tags(placeOf({ repoURL }), access, signal).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    },

    async tags(repoURL, access, { signal }) {
      const place = placeOf({ repoURL });
      return client.tags(place, access, signal).catch((error: unknown) => {
        throw isNotFound(error) ? notFound(place) : error;
      });
    },

    async resolve(reference, access, options) {
      const asked: Asked = { place: placeOf(reference), access, options };
      if (!reference.chart) return (await artifact(asked, reference.version)).digest;
      const version = await chartVersion(asked, reference.version);
      if (version === reference.version) await fetchManifest(asked, version);
      return version;
    },

    async locate(reference, access, options) {
      const asked: Asked = { place: placeOf(reference), access, options };
      const version = reference.chart ? await chartVersion(asked, reference.version) : reference.version;
      const manifest = await (reference.chart ? fetchManifest(asked, version) : artifact(asked, version));
      const name = display(asked.place);
      const { digest, mediaType } = contentLayer(manifest, name, limits().layerMediaTypes);
      return {
        version,
        isChart: mediaType === chartLayerType,
        key: `${accessDigest(access)} ${name} ${digest}`,
        download: ({ signal }) => client.blob(asked.place, access, { digest, maxBytes: maxLayerBytes, signal }),
      };
    },

    async annotations(reference, access, options) {
      const manifest = await artifact({ place: placeOf(reference), access, options }, reference.version);
      return manifest.annotations;
    },
  };
}
