import { PlumblineError } from '@plumbline/errors';
import { chartLayerType } from '../charts/archive-limits.ts';

/** A layer of an artifact, as its manifest describes it. */
export interface OciLayer {
  mediaType: string;
  digest: string;
  size: number;
}

/** What a manifest says of an artifact. */
export interface OciManifest {
  /** `sha256:…` */
  digest: string;
  config: { mediaType: string };
  layers: readonly OciLayer[];
  annotations: Readonly<Record<string, string>>;
}

/** More is no set of manifests. */
const maxLayers = 10;
const chartConfigType = 'application/vnd.cncf.helm.config.v1+json';
const archiveType = /tar(\+gzip|\.gzip)?$/;

function refuse(name: string, problem: string, hint: string): PlumblineError {
  return new PlumblineError('CHART_ARCHIVE', `${name} ${problem}`, { retry: 'terminal', hint });
}

/**
 * The one layer of an artifact that holds its files (reference §7.9): of a chart the chart itself, so that provenance may
 * lie beside it; of others the only archive. Throws `CHART_ARCHIVE` where there is none, or several, or where its type is
 * not allowed.
 *
 * @param name of the artifact, for errors.
 */
export function contentLayer(manifest: OciManifest, name: string, allowed: readonly string[]): OciLayer {
  const { config, layers } = manifest;
  if (layers.length > maxLayers) {
    throw refuse(name, `has ${layers.length} layers, more than ${maxLayers}`, 'push the manifests as one layer');
  }
  const isContent = ({ mediaType }: OciLayer) =>
    config.mediaType === chartConfigType
      ? mediaType === chartLayerType
      : archiveType.test(mediaType) || allowed.includes(mediaType);
  const contents = layers.filter(isContent);
  const [only] = contents;
  if (!only || contents.length > 1) {
    const found = layers.map(({ mediaType }) => mediaType).join(', ') || 'none';
    const hint = 'push one folder as one layer, for example with "oras push <artifact> ."';
    throw refuse(name, `must have exactly one layer of files, and has ${contents.length} (layers: ${found})`, hint);
  }
  if (allowed.includes(only.mediaType)) return only;
  const hint = `allowed by reposerver.oci.layer.media.types in argocd-cmd-params-cm: ${allowed.join(', ')}`;
  throw refuse(name, `has a layer of the type ${only.mediaType}, which is not allowed`, hint);
}
