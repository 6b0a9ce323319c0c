import type { ArchiveSettings } from '../types.ts';
import type { ValueReader } from './value-reader.ts';
import { invalid, parseBytes, parseFlag, parseList } from './values.ts';

const defaultLayerTypes = [
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
];

function parseLayerTypes(text: string): string[] {
  const types = parseList(text);
  if (types.length === 0) throw invalid('expected media types, separated by commas');
  return types;
}

/** The limit of a kind of archive, unless it is disabled. */
function readLimit(params: ValueReader, kind: 'helm' | 'oci'): number {
  const limit = params.read(`reposerver.${kind}.manifest.max.extracted.size`, 1e9, parseBytes);
  const disabled = params.read(`reposerver.disable.${kind}.manifest.max.extracted.size`, false, parseFlag);
  return disabled ? Number.POSITIVE_INFINITY : limit;
}

/** What archives of charts and artifacts may be (reference §10.3). */
export function readArchives(params: ValueReader): ArchiveSettings {
  return {
    maxChartBytes: readLimit(params, 'helm'),
    maxArtifactBytes: readLimit(params, 'oci'),
    layerMediaTypes: params.read('reposerver.oci.layer.media.types', defaultLayerTypes, parseLayerTypes),
  };
}
