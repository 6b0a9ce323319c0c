import {
  type ArtifactMetadata,
  type ArtifactMetadataRequest,
  type ChartDetails,
  type ChartDetailsRequest,
  type ChartReference,
  type ChartSources,
  publicUrl,
  readArtifactMetadata,
  readChartDetails,
} from '@plumbline/render';

function referenceOf(request: ChartDetailsRequest | ArtifactMetadataRequest): ChartReference {
  const { repoURL, project, revision: version } = request;
  if (request.kind === 'artifact-metadata') return { repoURL, project, version };
  const { chart, passCredentials } = request;
  return { repoURL, project, version, ...(chart ? { chart } : {}), ...(passCredentials ? { passCredentials } : {}) };
}

/** What a chart says of itself. Throws `CHART_*`, `DOWNLOAD_*`. */
export async function describeChart(
  charts: ChartSources,
  request: ChartDetailsRequest,
  signal: AbortSignal,
): Promise<ChartDetails> {
  const reader = await charts.open(referenceOf(request), { signal });
  const name = request.chart ? `chart ${request.chart}` : publicUrl(request.repoURL);
  return readChartDetails(reader, request.revision, name);
}

/** What the publisher of an artifact says of it. Throws `CHART_*`, `DOWNLOAD_*`. */
export async function describeArtifact(
  charts: ChartSources,
  request: ArtifactMetadataRequest,
  signal: AbortSignal,
): Promise<ArtifactMetadata> {
  return readArtifactMetadata(await charts.annotations(referenceOf(request), { signal }));
}
