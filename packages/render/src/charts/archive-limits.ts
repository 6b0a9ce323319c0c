/** What archives of charts and artifacts may be (reference §7.9, §10.3). */
export interface ArchiveLimits {
  /** `reposerver.helm.manifest.max.extracted.size`: bytes that a chart may unpack to; Infinity where it is disabled. */
  maxChartBytes: number;
  /** `reposerver.oci.manifest.max.extracted.size`, the same for artifacts of registries. */
  maxArtifactBytes: number;
  /** `reposerver.oci.layer.media.types`: layers of artifacts that may be read. */
  layerMediaTypes: readonly string[];
  /** Bytes of the index of a Helm repository, which is held in memory. */
  maxIndexBytes: number;
}

/** The type of a layer that holds a chart. */
export const chartLayerType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

export const defaultArchiveLimits: ArchiveLimits = {
  maxChartBytes: 1e9,
  maxArtifactBytes: 1e9,
  layerMediaTypes: [
    'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.oci.image.layer.v1.tar+gzip',
    chartLayerType,
  ],
  maxIndexBytes: 128 * 2 ** 20,
};
