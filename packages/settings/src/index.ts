export type { ApiSettings, DeepLink, WebhookSecrets } from './api-settings.ts';
export { clusterAccess } from './cluster-access.ts';
export type { DexSettings, ProviderRoute } from './dex-settings.ts';
export { type EnsureDefaultsOptions, ensureDefaults } from './ensure-defaults.ts';
export { accountKeyPrefix } from './parse/access.ts';
export { inClusterName, inClusterServer } from './parse/clusters.ts';
export type { ResourceFilterRule } from './parse/resource-filter.ts';
export { credentialFields } from './repository-access.ts';
export { settingsOf } from './settings-of.ts';
export { shareApplicationWatch } from './shared-applications.ts';
export type { ControllerMetricsSettings, TraceSettings } from './telemetry-settings.ts';
export type {
  AccessSettings,
  Account,
  ArchiveSettings,
  ControllerSettings,
  ControlSettings,
  DestinationCluster,
  LocalAccount,
  OidcSettings,
  RbacSettings,
  RepositoryEntry,
  Settings,
  SettingsProblem,
  SignatureSettings,
  ToolSettings,
} from './types.ts';
export {
  type WatchApplications,
  type WatchApplicationsOptions,
  watchApplicationNamespaces,
} from './watch-applications.ts';
export { type WatchSettingsOptions, watchSettings } from './watch-settings.ts';
