import type { GlobalProjectRule, MatchMode, Policy } from '@plumbline/access';
import type { ApplicationDestination, IgnoreDifference } from '@plumbline/apis';
import type { RepositoryAccess } from '@plumbline/git';
import type { ActionRule, HealthRule } from '@plumbline/health';
import type { TrackingOptions } from '@plumbline/manifests';
import type { ApiSettings } from './api-settings.ts';
import type { DexSettings, ProviderRoute } from './dex-settings.ts';
import type { ResourceFilterRule } from './parse/resource-filter.ts';
import type { ControllerMetricsSettings, TraceSettings } from './telemetry-settings.ts';

/** A value that cannot be used. What was good before stays in force; without that, the default. */
export interface SettingsProblem {
  /** For example `ConfigMap argocd-cm`. */
  object: string;
  key: string;
  /** In the value, from 1; only for YAML that does not parse. */
  line?: number;
  /** One sentence without the value itself. */
  message: string;
}

/** An entry `accounts.<name>` of argocd-cm. */
export interface Account {
  name: string;
  enabled: boolean;
  capabilities: readonly ('login' | 'apiKey')[];
}

/** An account of argocd-cm with what argocd-secret knows of it; `admin` is one. */
export interface LocalAccount extends Account {
  /** bcrypt. Undefined where none is set: nobody can log in. */
  passwordHash: string | undefined;
  /** Tokens older than this are refused. */
  passwordChangedAt: Date | undefined;
  /** API keys; times in seconds since 1970, `expiresAt` 0 is never. */
  tokens: readonly { id: string; issuedAt: number; expiresAt: number }[];
}

/** What argocd-rbac-cm says (reference §10.2). */
export interface RbacSettings {
  policy: Policy;
  /** '' is none. */
  defaultRole: string;
  matchMode: MatchMode;
  /** Claims of an SSO token that hold groups. */
  scopes: readonly string[];
}

/** An identity provider that users log in with, by OpenID Connect (reference §10.1, `oidc.config`). */
export interface OidcSettings {
  /** For people. */
  name: string;
  issuer: string;
  clientId: string;
  /** Never logged, never answered. */
  clientSecret: string | undefined;
  /** Client of command lines; undefined: the same. */
  cliClientId: string | undefined;
  scopes: readonly string[];
  /** The claims parameter's `id_token`. */
  idTokenClaims: Readonly<Record<string, unknown>> | undefined;
  /** Where a log-out goes; `{{token}}` and `{{logoutRedirectURL}}` are filled in. */
  logoutUrl: string | undefined;
  /** Whether browsers of users do the exchange; the server uses PKCE always. */
  pkce: boolean;
  /** Clients besides our own whose tokens are accepted. */
  allowedAudiences: readonly string[];
  /** Asks the provider for groups besides those in the token; `path` stands in for the one that it names itself. */
  userInfo: { path: string | undefined; cacheMs: number } | undefined;
  /** A session with less left gets a new ID token by its refresh token; 0: sessions end with their ID token. */
  refreshThresholdMs: number;
  route: ProviderRoute;
  /** Of dex: where a log-in goes at once. */
  connectorId: string | undefined;
}

/** Who there is, and what they may (reference §8.5, §9.1). */
export interface AccessSettings {
  /** The administrator first. */
  accounts: readonly LocalAccount[];
  rbac: RbacSettings;
  /** Undefined: nobody logs in over an identity provider. */
  oidc: OidcSettings | undefined;
  /** Set where `dex.config` is, and no `oidc.config`: `oidc` is dex then. */
  dex: DexSettings | undefined;
  /** Whether callers without a token have the rights of the default role. */
  anonymousEnabled: boolean;
  /** Of a log-in. */
  sessionMs: number;
  passwordPattern: RegExp;
  /** Whether a rollback needs the right `rollback` instead of `sync`. */
  rollbackNeedsOwnRight: boolean;
  /** Whether `update` and `delete` of an Application include its objects. */
  objectsInherit: boolean;
  /** Whether a sync to another revision than the spec's needs `override`. */
  revisionNeedsOverride: boolean;
  globalProjects: readonly GlobalProjectRule[];
  /** Globs (or `/…/`) of namespaces besides the control plane's in which Applications live. */
  applicationNamespaces: readonly string[];
  /** Whether syncs act as the service accounts that projects name, and fail where a project names none. */
  impersonation: { enabled: boolean; enforced: boolean };
}

/** Settings of the controller (reference §10.3). Times in milliseconds. */
export interface ControllerSettings {
  /** Pause between waves. */
  waveDelayMs: number;
  statusProcessors: number;
  operationProcessors: number;
  /** Attempt n waits min(cap, duration · factor^n); with `timeoutMs` > 0 always that long. */
  selfHeal: { timeoutMs: number; backoff: { durationMs: number; factor: number; capMs: number } };
  /** 0: no limit. */
  syncTimeoutMs: number;
  /** Repository errors younger than this set no condition. */
  repoErrorGraceMs: number;
  /** Whether an Application's status stores the health of each of its objects. */
  persistHealth: boolean;
  metrics: ControllerMetricsSettings;
}

/** What rendering depends on (the settings of the render package). */
export interface ToolSettings {
  kustomizeBuildOptions: readonly string[];
  /** By version. */
  kustomizeVersionOptions: Readonly<Record<string, readonly string[]>>;
  kustomizePaths: Readonly<Record<string, string>>;
  enabled: Readonly<Record<'kustomize' | 'helm' | 'jsonnet', boolean>>;
  /** Bytes. */
  maxDirectoryBytes: number;
  /** Of URLs as Helm value files, in lower case. */
  valuesFileSchemes: readonly string[];
  /** Globs of what plugins do not get. */
  pluginExclusions: readonly string[];
  /** Whether plugins get only what the annotation manifest-generate-paths names. */
  pluginsGetGeneratePaths: boolean;
}

/** What archives of charts and artifacts may be (settings of the render package). */
export interface ArchiveSettings {
  /** Bytes that a chart may unpack to; Infinity where the limit is disabled. */
  maxChartBytes: number;
  /** The same for OCI artifacts. */
  maxArtifactBytes: number;
  /** Layers of OCI artifacts that may be read. */
  layerMediaTypes: readonly string[];
}

/** A field of a custom resource whose type is known; names from the root, joined by dots (reference §3.2). */
export interface KnownTypeFieldSetting {
  group: string;
  kind: string;
  field: string;
  /** For example `core/v1/PodSpec`, `core/Quantity`, `meta/v1/Duration`. */
  type: string;
}

/** How live objects are watched (reference §6). */
export interface LiveSettings {
  /** Kinds that may not be listed are left out; `strict` asks the server once more before. Undefined: they are failures. */
  respectRbac: 'normal' | 'strict' | undefined;
  ignoreUpdates: {
    /** False: every change of a managed object is a reason to compare. */
    enabled: boolean;
    /** Fields whose changes are none. */
    rules: readonly IgnoreDifference[];
    /** Whether what `ignoreDifferences` names is none either. */
    ignoreDifferences: boolean;
  };
  /** Between comparisons of live state with fresh lists, ms; 0 is never. */
  auditMs: number;
  /** Labels that the resource tree shows of every object. */
  customLabels: readonly string[];
  /** Labels that the resource tree shows of nodes. */
  nodeLabels: readonly string[];
}

/** Everything that argocd-cm and argocd-cmd-params-cm say (reference §10.1, §10.3), typed and with defaults. */
export interface ControlSettings {
  trackingMethod: TrackingOptions['method'];
  instanceLabelKey: string;
  installationId: string | undefined;
  /** External address, without a trailing slash. */
  url: string | undefined;
  /** Between refreshes; 0 is never. Milliseconds, as all that ends in Ms. */
  refreshMs: number;
  /** Upper bound of the random addition to `refreshMs`. */
  refreshJitterMs: number;
  hardRefreshMs: number;
  /** Whether a kind is not watched on a cluster, named by server URL (reference §6). */
  isExcluded(kind: { group: string; kind: string }, server: string): boolean;
  resourceFilter: { exclusions: readonly ResourceFilterRule[]; inclusions: readonly ResourceFilterRule[] };
  /** System-level rules; group and kind as globs, as in an Application's spec. */
  ignoreDifferences: readonly IgnoreDifference[];
  /** Users' health checks, in Lua and CEL. */
  healthRules: readonly HealthRule[];
  /** Users' actions on live objects, in Lua. */
  actionRules: readonly ActionRule[];
  live: LiveSettings;
  ignoreStatus: 'all' | 'crd' | 'none';
  ignoreAggregatedRoles: boolean;
  knownTypeFields: readonly KnownTypeFieldSetting[];
  /** Limit for the jq expressions over one object, ms. */
  jqTimeoutMs: number;
  /** Annotations of Secrets whose values are not shown. */
  sensitiveAnnotations: readonly string[];
  render: ToolSettings;
  archives: ArchiveSettings;
  /** Whether the files of submodules can be rendered. */
  submodules: boolean;
  adminEnabled: boolean;
  inClusterEnabled: boolean;
  sessionMs: number;
  accounts: readonly Account[];
  controller: ControllerSettings;
  traces: TraceSettings;
  /** Deletion budgets for all Applications as they are written, by the annotation that sets them for one (`ownAnnotations`). */
  deletionBudgets: Readonly<Record<string, string | undefined>>;
  /** Globs of namespaces besides the control plane's in which Applications live. */
  applicationNamespaces: readonly string[];
  /** Text of `ssh_known_hosts`. */
  sshKnownHosts: string;
  /** PEM bundles by server name. */
  tlsCertificates: Readonly<Record<string, string>>;
  signatures: SignatureSettings;
}

/** Verification of signatures of sources (reference §7.9). */
export interface SignatureSettings {
  /** False with the environment variable `ARGOCD_GPG_ENABLED=false`: nothing is verified, whatever projects want. */
  enabled: boolean;
  /** Armored public keys of argocd-gpg-keys-cm, by key id. The same object until they change. */
  publicKeys: Readonly<Record<string, string>>;
}

/** A cluster that Applications can go to. */
export interface DestinationCluster {
  name: string;
  /** Without a trailing slash. */
  server: string;
  /** The Secret to connect with; undefined: the control plane's own cluster, by its own means. */
  secretName: string | undefined;
  /** The JSON of the Secret's key `config`. Holds credentials: never log it. */
  config: Record<string, unknown>;
  /** Only these namespaces are managed; empty is all. */
  namespaces: readonly string[];
  /** Whether cluster-scoped objects are managed although `namespaces` is set. */
  clusterResources: boolean;
  /** Only for Applications of this AppProject; undefined is all. */
  project: string | undefined;
  shard: number | undefined;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

/** A repository that a Secret describes, without its credentials. */
export interface RepositoryEntry {
  url: string;
  name: string | undefined;
  type: 'git' | 'helm' | 'oci';
  project: string | undefined;
  secretName: string;
}

/** The control plane's settings as they are now, from watches. */
export interface Settings {
  /** One and the same value between two changes of any setting. */
  current(): ControlSettings;
  /** The built-in administrator. */
  admin(): { enabled: boolean; passwordHash: string | undefined; passwordChangedAt: Date | undefined };
  /** One and the same value between two changes of any setting. */
  access(): AccessSettings;
  /** What the API server shows and takes. */
  api(): ApiSettings;
  /** Text of `server.secretkey`. Throws `SETTINGS_NO_SECRET_KEY` (transient) while there is none. */
  secretKey(): string;
  /**
   * How to reach a repository for an AppProject: the repository's own Secret (the project's before the common one), where
   * that names no credentials those of the longest matching template, and the trusted certificate of its host.
   */
  repositoryAccess(url: string, project: string): RepositoryAccess;
  /**
   * The same for a Secret that is not stored yet, given by its decoded keys. Throws `SETTINGS_INVALID` where they make no
   * repository.
   */
  candidateAccess(data: Readonly<Record<string, string>>, project: string): RepositoryAccess;
  repositories(): readonly RepositoryEntry[];
  clusters(): readonly DestinationCluster[];
  /** Throws `DESTINATION_INVALID` with Argo CD's sentence (reference §1.1). */
  resolveDestination(destination: ApplicationDestination): DestinationCluster;
  /** Values that cannot be used now. */
  problems(): readonly SettingsProblem[];
  /** Called after every change, once for changes that come together. Returns how to stop. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
