import { PlumblineError } from '@plumbline/errors';
import { isExactVersion, isRange, selectVersion, versionNotFound } from './chart-version.ts';
import { accessDigest } from './http-repository.ts';
import { createOciClient, isNotFound, type OciManifest, type OciPlace } from './oci-client.ts';
import type { ChartAccess, ChartOptions, ChartReference, ChartRepository } from './types.ts';

const maxLayerBytes = 100 * 1024 * 1024;
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
/** Layers that hold files (reference §7.9). */
const contentLayers = [
  chartLayer,
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
];

/** `host/path` and the chart's name below it. Throws `RENDER_INVALID_SOURCE`. */
function placeOf({ repoURL, chart }: ChartReference): OciPlace {
  const [host = '', ...path] = repoURL
    .replace(/^oci:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  const name = [...path, ...(chart ? chart.split('/') : [])].join('/');
  if (/^[A-Za-z0-9.[\]:-]+$/.test(host) && /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(name)) return { host, name };
  throw new PlumblineError(
    'RENDER_INVALID_SOURCE',
    `${repoURL}${chart ? `, chart ${chart}` : ''}: no name of an artifact in a registry`,
    {
      hint: 'a registry is written as oci://host/path, in lower case',
    },
  );
}

/** Whether a text asks for a version among the tags; other texts are tags or digests. */
function isConstraint(text: string): boolean {
  if (isExactVersion(text) || text.startsWith('sha256:') || text.trim() === '') return false;
  return isRange(text);
}

const display = ({ host, name }: OciPlace) => `${host}/${name}`;

function contentOf(manifest: OciManifest, place: OciPlace): OciManifest['layers'][number] {
  const layers = manifest.layers.filter(({ mediaType }) => contentLayers.includes(mediaType));
  const chart = layers.find(({ mediaType }) => mediaType === chartLayer);
  const [only] = layers;
  if (chart) return chart;
  if (only && layers.length === 1) return only;
  const found = manifest.layers.map(({ mediaType }) => mediaType).join(', ');
  throw new PlumblineError(
    'CHART_ARCHIVE',
    `${display(place)} must hold exactly one layer of files, and holds: ${found || 'none'}`,
    {
      hint: `allowed: ${contentLayers.join(', ')}`,
    },
  );
}

/** Charts and artifacts of OCI registries. `+` of a version is written `_` in a tag. */
export function ociRegistries(): ChartRepository {
  const client = createOciClient();

  const notFound = (place: OciPlace): PlumblineError =>
    new PlumblineError('CHART_NOT_FOUND', `${display(place)} does not exist in its registry`, {
      hint: 'check repoURL and chart, and that the user of the Secret may see it',
    });

  /** The tag of the highest version that is wanted. */
  const select = async (
    place: OciPlace,
    access: ChartAccess,
    wanted: string,
    { signal }: ChartOptions,
  ): Promise<string> => {
    const tags = await client.tags(place, access, signal).catch((error: unknown) => {
      throw isNotFound(error) ? notFound(place) : error;
    });
    const versions = tags.map((tag) => tag.replaceAll('_', '+'));
    const selected = selectVersion(versions, wanted);
    if (selected === undefined) throw versionNotFound(display(place), wanted, versions);
    return selected;
  };

  const fetchManifest = async (
    place: OciPlace,
    access: ChartAccess,
    version: string,
    options: ChartOptions,
  ): Promise<OciManifest> => {
    const reference = version.replaceAll('+', '_');
    try {
      return await client.manifest(place, access, reference, options.signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const tags = await client.tags(place, access, options.signal).catch(() => undefined);
      throw tags ? versionNotFound(display(place), version, tags) : notFound(place);
    }
  };

  return {
    async resolve(reference, access, options) {
      const place = placeOf(reference);
      const version = isConstraint(reference.version)
        ? await select(place, access, reference.version, options)
        : reference.version;
      if (reference.chart && version !== reference.version) return version;
      const { digest } = await fetchManifest(place, access, version || 'latest', options);
      return reference.chart ? version : digest;
    },

    async locate(reference, access, options) {
      const place = placeOf(reference);
      const version = isConstraint(reference.version)
        ? await select(place, access, reference.version, options)
        : reference.version;
      const manifest = await fetchManifest(place, access, version, options);
      const layer = contentOf(manifest, place);
      return {
        version,
        isChart: layer.mediaType === chartLayer,
        key: `${accessDigest(access)} ${display(place)} ${layer.digest}`,
        download: ({ signal }) => client.blob(place, access, { digest: layer.digest, maxBytes: maxLayerBytes, signal }),
      };
    },
  };
}
