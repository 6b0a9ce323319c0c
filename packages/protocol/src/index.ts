export { type OwnDecision, ownDecisions, type RouteAccess } from './access.ts';
export {
  type AccountView,
  accountSchema,
  passwordChangeSchema,
  type TokenRequestBody,
  tokenRequestSchema,
} from './accounts.ts';
export { ApiError, apiErrorOf } from './api-error.ts';
export {
  type ApplicationInput,
  type ApplicationList,
  type ApplicationListQuery,
  type ApplicationWatchEvent,
  applicationInputSchema,
  applicationListQuerySchema,
  applicationListSchema,
  applicationPatchSchema,
  applicationSpecInputSchema,
  applicationWatchEventSchema,
  type ResourcesQuery,
  rollbackRequestSchema,
  type SyncRequestBody,
  syncRequestSchema,
} from './applications.ts';
export { type ApiClient, type ApiClientOptions, type CallOptions, createApiClient, requestPath } from './client.ts';
export {
  type ClusterRecord,
  clusterInvalidateChannel,
  clusterRecordKey,
  clusterRecordSeconds,
  type InvalidateCluster,
} from './cluster-record.ts';
export {
  type Cluster,
  type ClusterConfig,
  type ClusterInput,
  type ClusterQuery,
  clusterInputSchema,
} from './clusters.ts';
export { type ErrorBody, errorBody, errorBodySchema, type GrpcCode, grpcCodes, httpStatusOf } from './error-body.ts';
export { frames } from './frames.ts';
export {
  type InspectPayload,
  type InspectRequest,
  type InspectResult,
  inspectQueue,
  type ResourceHealth,
} from './inspect.ts';
export type { Links } from './links.ts';
export type { EventList, LiveResourceQuery } from './live-resource.ts';
export { localFilesSchema } from './local-files.ts';
export type { LogEntry, LogsQuery } from './logs.ts';
export {
  type ExplainedDifference,
  explainedDifferenceSchema,
  type FieldDifference,
  fieldDifferenceSchema,
  type IgnoreRuleText,
  ignoreRuleSchema,
  type ManagedResource,
  type ManagedResources,
  type ManifestsResponse,
  managedResourceSchema,
  managedResourcesSchema,
  manifestsResponseSchema,
  type ServerSideDiff,
  type ServerSideDiffRequest,
  serverSideDiffRequestSchema,
  serverSideDiffSchema,
} from './managed-resource.ts';
export {
  type KeptOperation,
  type KeptWrite,
  type ObjectHistoryEntry,
  objectHistoryLimit,
  objectHistorySchema,
  objectHistoryText,
  readObjectHistory,
} from './object-history.ts';
export {
  type ApplicationSyncWindows,
  type OperationPlan,
  type PlannedTask,
  planFact,
  type SkipRevisions,
  skipRevisionsSchema,
} from './plan.ts';
export { type DetailedProject, projectCreateSchema, projectUpdateSchema } from './projects.ts';
export {
  type ConnectionState,
  type RepoCreds,
  type RepoCredsInput,
  type Repository,
  type RepositoryInput,
  type RepositoryQuery,
  repositoryAppsSchema,
  repositoryChartsSchema,
  repositoryInputSchema,
  repositoryRefsSchema,
  repositoryTagsSchema,
} from './repositories.ts';
export type { ResourceAction } from './resource-action.ts';
export {
  type HostInfo,
  type HostResourceInfo,
  isMissing,
  missingUid,
  type ResourceNetworkingInfo,
  type ResourceNode,
  type ResourceRef,
  type ResourceTree,
  resourceNodeSchema,
  resourceTreeSchema,
} from './resource-tree.ts';
export {
  type ChartDetails,
  chartDetailsSchema,
  type OciMetadata,
  ociMetadataSchema,
  type RevisionMetadata,
  revisionMetadataSchema,
} from './revision-metadata.ts';
export {
  type Answer,
  type Body,
  type BodyInput,
  type CallName,
  type Params,
  type Query,
  type QueryInput,
  type Route,
  type RouteName,
  type Routes,
  routes,
  type StreamName,
} from './routes.ts';
export {
  type ServerSettings,
  sessionCookie,
  sessionCreateSchema,
  settingsSchema,
  type UserInfo,
  userInfoSchema,
  type VersionInfo,
  versionSchema,
} from './session.ts';
export type { OwnSettings, PublicSettings, SettingsProblems } from './shown-settings.ts';
export {
  type SourceDetailsAnswer,
  type SourceDetailsQuestion,
  sourceDetailsRequestSchema,
  sourceDetailsSchema,
} from './source-details.ts';
export {
  type TerminalFrame,
  type TerminalQuery,
  terminalFrameSchema,
  terminalQuerySchema,
  terminalRoute,
} from './terminal.ts';
export { type TreeDelta, TreeView, type TreeWatch, treeChannel, treeWatchChannel, treeWatchMs } from './tree-deltas.ts';
export type {
  Certificate,
  CertificateInput,
  CertificateQuery,
  GpgKey,
} from './trust.ts';
