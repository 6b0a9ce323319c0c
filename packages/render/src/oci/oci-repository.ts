import { type ArchiveLimits, chartLayerType } from '../charts/archive-limits.ts';
import { accessDigest } from '../charts/digests.ts';
import type { ChartAccess, ChartRepository } from '../charts/types.ts';
import { type Asked, artifactManifest, chartVersion, manifestOf, tagsOf } from './artifact-lookup.ts';
import { displayPlace, placeOf } from './artifact-reference.ts';
import { contentLayer } from './content-layer.ts';
import { createOciClient, isNotFound, type OciClient } from './oci-client.ts';

/** A layer is held in memory while it is checked. */
const maxLayerBytes = 256 * 1024 * 1024;

/** A registry may let in for one repository only: where one is named, it is asked for. */
async function checkAccess(
  client: OciClient,
  repoURL: string,
  { access, signal }: { access: ChartAccess; signal: AbortSignal | undefined },
): Promise<void> {
  const [host = ''] = repoURL.replace(/^oci:\/\//i, '').split('/');
  if (!/^(oci:\/\/)?[^/]+\/[^/]/i.test(repoURL)) return client.ping(host, access, signal);
  await client.tags(placeOf({ repoURL }), access, signal).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

/** Charts and artifacts of OCI registries. `+` of a version is written `_` in a tag. */
export function ociRegistries(limits: () => ArchiveLimits): ChartRepository {
  const client = createOciClient();
  return {
    check: (repoURL, access, { signal }) => checkAccess(client, repoURL, { access, signal }),

    tags: async (repoURL, access, options) => tagsOf({ client, place: placeOf({ repoURL }), access, options }),

    async resolve(reference, access, options) {
      const asked: Asked = { client, place: placeOf(reference), access, options };
      if (!reference.chart) return (await artifactManifest(asked, reference.version)).digest;
      const version = await chartVersion(asked, reference.version);
      if (version === reference.version) await manifestOf(asked, version);
      return version;
    },

    async locate(reference, access, options) {
      const asked: Asked = { client, place: placeOf(reference), access, options };
      const version = reference.chart ? await chartVersion(asked, reference.version) : reference.version;
      const manifest = await (reference.chart ? manifestOf(asked, version) : artifactManifest(asked, version));
      const name = displayPlace(asked.place);
      const { digest, mediaType } = contentLayer(manifest, name, limits().layerMediaTypes);
      return {
        version,
        isChart: mediaType === chartLayerType,
        key: `${accessDigest(access)} ${name} ${digest}`,
        download: ({ signal }) => client.blob(asked.place, access, { digest, maxBytes: maxLayerBytes, signal }),
      };
    },

    async annotations(reference, access, options) {
      const asked: Asked = { client, place: placeOf(reference), access, options };
      return (await artifactManifest(asked, reference.version)).annotations;
    },
  };
}
