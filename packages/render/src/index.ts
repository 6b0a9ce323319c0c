export { isForbiddenAddress } from '@plumbline/git';
export {
  type ArtifactMetadata,
  type ChartDetails,
  readArtifactMetadata,
  readChartDetails,
} from './charts/chart-facts.ts';
export { type ChartSourcesOptions, createChartSources, isChartSource } from './charts/chart-sources.ts';
export { openLocalArchive } from './charts/local-archive.ts';
export type { ChartAccess, ChartReference, ChartSources, FetchedChart } from './charts/types.ts';
export type {
  HelmDetails,
  KustomizeDetails,
  PluginDetails,
  SourceDetails,
  SourceDetailsRequest,
} from './details/source-details.ts';
export { detectSourceType } from './detect-source-type.ts';
export { type ManifestSet, manifestSetKey, packManifestSet, unpackManifestSet } from './manifest-set.ts';
export {
  type DownloadAccess,
  type GuardedFetchOptions,
  type GuardedResponse,
  guardedFetch,
  publicUrl,
} from './network/guarded-fetch.ts';
export type { ParameterAnnouncement } from './plugin/parameter-announcement.ts';
export { pluginNames } from './plugin/plugin-folder.ts';
export { type PluginServer, type PluginServerOptions, servePlugin } from './plugin-server/serve-plugin.ts';
export { isVerifiedAs, type ReceiptFields, receiptMac, verificationsOf, verifyReceipt } from './receipt.ts';
export { createRenderer, type RendererLimits, type RendererOptions } from './renderer.ts';
export type {
  PluginNames,
  PluginNamesRequest,
  RepositoryAnswer,
  RepositoryApps,
  RepositoryAppsRequest,
  RepositoryCharts,
  RepositoryChartsRequest,
  RepositoryQuestion,
  RepositoryRefs,
  RepositoryRefsRequest,
  RepositoryTags,
  RepositoryTagsRequest,
  RepositoryTestRequest,
  RepositoryTestResult,
  RepositoryType,
} from './repository-requests.ts';
export type { RenderTools } from './type-renderer.ts';
export type {
  ArtifactMetadataRequest,
  BaseRepositories,
  ChartDetailsRequest,
  DependencyCharts,
  RenderContext,
  RenderedSource,
  Renderer,
  RenderQueueRequest,
  RenderQueueResult,
  RenderReceipt,
  RenderRequest,
  RenderResult,
  RenderSettings,
  RenderSurroundings,
  ResolveRequest,
  ResolveResult,
  RevisionMetadata,
  RevisionMetadataRequest,
  SiblingSource,
  SourceReferences,
  SourceType,
  SourceVerification,
  TracedInput,
  TracedSource,
  VerifiedSources,
} from './types.ts';
