export { type OwnDecision, ownDecisions, type RouteAccess } from './access.ts';
export {
  type AccountView,
  accountSchema,
  passwordChangeSchema,
  type TokenRequestBody,
  tokenRequestSchema,
} from './accounts/accounts.ts';
export {
  type ServerSettings,
  sessionCookie,
  sessionCreateSchema,
  settingsSchema,
  type UserInfo,
  userInfoSchema,
  type VersionInfo,
  versionSchema,
} from './accounts/session.ts';
export type { OwnSettings, PublicSettings, SettingsProblems } from './accounts/shown-settings.ts';
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
} from './applications/applications.ts';
export {
  type InspectPayload,
  type InspectRequest,
  type InspectResult,
  inspectQueue,
  type ResourceHealth,
} from './applications/inspect.ts';
export type { Links } from './applications/links.ts';
export { localFilesSchema } from './applications/local-files.ts';
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
} from './applications/managed-resource.ts';
export {
  type KeptOperation,
  type KeptWrite,
  type ObjectHistoryEntry,
  objectHistoryLimit,
  objectHistorySchema,
  objectHistoryText,
  readObjectHistory,
} from './applications/object-history.ts';
export {
  type ApplicationSyncWindows,
  type OperationPlan,
  type PlannedTask,
  planFact,
  type SkipRevisions,
  skipRevisionsSchema,
} from './applications/plan.ts';
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
} from './applications/resource-tree.ts';
export {
  type ChartDetails,
  chartDetailsSchema,
  type OciMetadata,
  ociMetadataSchema,
  type RevisionMetadata,
  revisionMetadataSchema,
} from './applications/revision-metadata.ts';
export {
  type TreeDelta,
  TreeView,
  type TreeWatch,
  treeChannel,
  treeWatchChannel,
  treeWatchMs,
} from './applications/tree-deltas.ts';
export { type ApiClient, type ApiClientOptions, type CallOptions, createApiClient, requestPath } from './client.ts';
export {
  type ClusterRecord,
  clusterInvalidateChannel,
  clusterRecordKey,
  clusterRecordSeconds,
  type InvalidateCluster,
} from './declared/cluster-record.ts';
export {
  type Cluster,
  type ClusterConfig,
  type ClusterInput,
  type ClusterQuery,
  clusterInputSchema,
} from './declared/clusters.ts';
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
} from './declared/repositories.ts';
export {
  type SourceDetailsAnswer,
  type SourceDetailsQuestion,
  sourceDetailsRequestSchema,
  sourceDetailsSchema,
} from './declared/source-details.ts';
export type {
  Certificate,
  CertificateInput,
  CertificateQuery,
  GpgKey,
} from './declared/trust.ts';
export type { EventList, LiveResourceQuery } from './live/live-resource.ts';
export type { LogEntry, LogsQuery } from './live/logs.ts';
export type { ResourceAction } from './live/resource-action.ts';
export {
  type TerminalFrame,
  type TerminalQuery,
  terminalFrameSchema,
  terminalQuerySchema,
  terminalRoute,
} from './live/terminal.ts';
export { type DetailedProject, projectCreateSchema, projectUpdateSchema } from './projects.ts';
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
export { ApiError, apiErrorOf } from './wire/api-error.ts';
export {
  type ErrorBody,
  errorBody,
  errorBodySchema,
  type GrpcCode,
  grpcCodes,
  httpStatusOf,
} from './wire/error-body.ts';
export { frames } from './wire/frames.ts';
