export type { JwtToken, ProjectRole, SyncWindow } from './app-project/app-project.ts';
export { type AppProject, type AppProjectSpec, appProjectSchema } from './app-project/app-project.ts';
export type {
  AppProjectDestination,
  ClusterResourceRule,
  DestinationServiceAccount,
  GroupKindRule,
  OrphanedResources,
  SourceIntegrity,
} from './app-project/rules.ts';
export { type Application, applicationSchema } from './application/application.ts';
export type { ApplicationSourceDirectory } from './application/directory.ts';
export type { ApplicationSourceHelm } from './application/helm.ts';
export type { ApplicationSourceKustomize } from './application/kustomize.ts';
export {
  type Operation,
  type OperationInitiator,
  operationSchema,
  type SyncOperation,
  type SyncOperationResource,
  type SyncStrategy,
} from './application/operation.ts';
export {
  type OperationState,
  operationStateSchema,
  type ResourceResult,
  type SyncOperationResult,
} from './application/operation-state.ts';
export type { ApplicationSourcePlugin } from './application/plugin.ts';
export { type ApplicationSource, type SourceHydrator, sourceSchema } from './application/source.ts';
export {
  type ApplicationDestination,
  type ApplicationSpec,
  destinationSchema,
  type IgnoreDifference,
  ignoreDifferenceSchema,
  specSchema,
} from './application/spec.ts';
export {
  type ApplicationCondition,
  type ApplicationHealth,
  type ApplicationStatus,
  type ApplicationSummary,
  type ResourceStatus,
  type RevisionHistory,
  type SourceHydratorStatus,
  type SyncStatus,
  statusSchema,
} from './application/status.ts';
export {
  type ManagedNamespaceMetadata,
  type RetryStrategy,
  type SyncPolicy,
  type SyncPolicyAutomated,
  syncPolicySchema,
} from './application/sync-policy.ts';
export {
  type ApplicationSet,
  type ApplicationSetSpec,
  type ApplicationSetStatus,
  applicationSetSchema,
  applicationsSyncPolicies,
} from './application-set/application-set.ts';
export type { ApplicationSetGenerator, ApplicationSetNestedGenerator } from './application-set/generators.ts';
export type { ApplicationSetTemplate, PartialTemplate } from './application-set/template.ts';
export {
  annotationPrefixes,
  annotations,
  applicationApiVersion,
  applicationGroup,
  defaultProject,
  finalizers,
  labels,
  secretTypes,
} from './constants.ts';
export { parseDuration } from './duration.ts';
export {
  type ApplicationSourceType,
  type ConditionType,
  completedOperationPhases,
  conditionTypes,
  type HealthStatusCode,
  type HookDeletePolicy,
  type HookType,
  type HydratePhase,
  healthStatusCodes,
  hookDeletePolicies,
  hookTypes,
  hydratePhases,
  isErrorCondition,
  type OperationPhase,
  operationPhases,
  type RefreshType,
  type ResultCode,
  refreshTypes,
  resultCodes,
  type SyncPhase,
  type SyncStatusCode,
  sourceTypes,
  syncPhases,
  syncStatusCodes,
} from './enums.ts';
export { type CustomResourceDefinition, customResourceDefinitions } from './generate/custom-resource-definition.ts';
export { normalizeSpec } from './normalize-spec.ts';
export { type LabelSelector, type ObjectMeta, objectMetaSchema } from './object-meta.ts';
export { ownAnnotations } from './own-annotations.ts';
export { normalizeRepoURL, sameRepo } from './repo-url.ts';
export { hasMultipleSources, hydratedSource, sourcesOf } from './sources-of.ts';
