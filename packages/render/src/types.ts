import type { ApplicationSource } from '@plumbline/apis';
import type { ObjectReader, RepositoryAccess } from '@plumbline/git';
import type { KubeObject } from '@plumbline/manifests';
import type { ArtifactMetadata, ChartDetails } from './charts/chart-facts.ts';
import type { SourceDetails, SourceDetailsRequest } from './details/source-details.ts';
import type { PluginNames, PluginNamesRequest, RepositoryAnswer, RepositoryQuestion } from './repository-requests.ts';

export type SourceType = 'Directory' | 'Kustomize' | 'Helm' | 'Plugin';

/** Facts on the Application and its destination that a render may depend on. */
export interface RenderContext {
  /** Instance name: `<name>`, or `<ns>_<name>` outside the control-plane namespace. */
  appName: string;
  project: string;
  /** The destination namespace; may be ''. */
  namespace: string;
  /** For example `1.36.1`. */
  kubeVersion: string;
  apiVersions: readonly string[];
  /** The annotation `argocd.argoproj.io/manifest-generate-paths` of the Application. */
  manifestGeneratePaths?: string;
  /** Tool settings of argocd-cm that concern rendering. */
  settings: RenderSettings;
}

export interface RenderSettings {
  /** `kustomize.buildOptions`, split. */
  kustomizeBuildOptions: readonly string[];
  /** `kustomize.buildOptions.<version>`, split; a version without them has none. */
  kustomizeVersionOptions?: Readonly<Record<string, readonly string[]>>;
  /** `kustomize.path.<version>` → path of a binary. */
  kustomizePaths: Readonly<Record<string, string>>;
  enabled: Readonly<Record<'kustomize' | 'helm' | 'jsonnet', boolean>>;
  /** Bytes of all YAML and JSON of a directory source; default 10 MiB. */
  maxDirectoryBytes: number;
  /** `helm.valuesFileSchemes`: schemes of URLs that value files may have; default https and http. */
  valuesFileSchemes: readonly string[];
  /** `reposerver.plugin.tar.exclusions`: globs of what plugins do not get, from the root of what they get. */
  pluginExclusions?: readonly string[];
  /** `reposerver.plugin.use.manifest.generate.paths`: plugins get what the Application's annotation names. */
  pluginsGetGeneratePaths?: boolean;
}

/** Another source of the same Application, which this one may read files of (reference §7.7). */
export interface SiblingSource {
  repoURL: string;
  /** Resolved. */
  revision: string;
  /** It is a chart of a Helm repository, which cannot be referred to. */
  chart?: string;
  /** Opened at the first reference. */
  open(): Promise<ObjectReader>;
}

/** Brings charts that a chart depends on to this machine. */
export interface DependencyCharts {
  /** The newest version that is wanted. Throws `CHART_*`, `DOWNLOAD_*`. */
  fetch(wanted: { repoURL: string; chart: string; version: string }): Promise<{ version: string; digest: string }>;
  /** Where a fetched archive lies; undefined where it is gone. */
  archive(digest: string): Promise<string | undefined>;
  /** The files of the newest version that is wanted; ids are digests of content. Throws as {@link fetch} does. */
  open(wanted: { repoURL: string; chart: string; version: string }): Promise<ObjectReader>;
}

/** Repositories that kustomizations refer to by URL. Throws `GIT_*`. */
export interface BaseRepositories {
  /** The commit that a branch, tag or SHA means now. */
  resolve(wanted: { url: string; ref: string; submodules: boolean; timeoutMs?: number }): Promise<string>;
  open(wanted: { url: string; commit: string; submodules: boolean }): Promise<ObjectReader>;
}

/** What a source may read besides its own repository. */
export interface RenderSurroundings {
  /** By the name of the `ref`. */
  refs?: ReadonlyMap<string, SiblingSource>;
  /** Charts that charts depend on; absent: none can be had. */
  charts?: DependencyCharts;
  /** Absent: kustomizations cannot refer to other repositories. */
  bases?: BaseRepositories;
  /** How the source's own repository is reached, for plugins that want to; undefined where it is none of Git. */
  access?(): Promise<RepositoryAccess | undefined>;
  /** Ask remotes again, whatever is remembered (hard refresh). */
  fresh?: boolean;
}

/** A path and what it was when it was read: a blob or tree id, or null where nothing was there. */
export interface TracedInput {
  path: string;
  oid: string | null;
  /** Id of what it says, where a tool reads no more of it: the text without comments. Absent where that is `oid`. */
  wording?: string;
  /** Where it was read, if not in the source's own repository: the name of another source's `ref`. */
  from?: string;
}

/** What a render will read, found by reading trees and a few small files only. */
export interface TracedSource {
  type: SourceType;
  /** The source with the overrides of `.argocd-source*.yaml` merged in. */
  source: ApplicationSource;
  inputs: readonly TracedInput[];
  /** Digest of type, inputs, effective source, the context's relevant facts and tool versions: the manifest key. */
  digest: string;
  /** Versions of the tools that take part, by name. */
  tools: Readonly<Record<string, string>>;
  /** Remotes were asked what they have now: another trace of the same commit may find something else. */
  momentary?: true;
}

export interface RenderedSource {
  objects: KubeObject[];
  /** For people: files skipped, charts that use `lookup`, … */
  warnings: string[];
}

export interface RenderOptions {
  signal?: AbortSignal;
  /** As given to the trace. */
  surroundings?: RenderSurroundings;
}

export interface Renderer {
  /** What traces depend on beside their arguments: the plugins that are there. Another text means: trace again. */
  state(): Promise<string>;
  /** Throws `RENDER_PATH_NOT_FOUND`, `RENDER_INVALID_SOURCE`, … with the file named. */
  trace(
    reader: ObjectReader,
    revision: string,
    source: ApplicationSource,
    context: RenderContext,
    surroundings?: RenderSurroundings,
  ): Promise<TracedSource>;
  /** Runs the tool on exactly the traced inputs. Throws `RENDER_FAILED` with the tool's stderr, file and line. */
  render(
    reader: ObjectReader,
    revision: string,
    traced: TracedSource,
    context: RenderContext,
    options: RenderOptions,
  ): Promise<RenderedSource>;
  /** What the source can be told (its type, values, images, parameters). Throws what a render of it throws. */
  describe(
    reader: ObjectReader,
    revision: string,
    source: ApplicationSource,
    context: RenderContext,
    options: RenderOptions,
  ): Promise<SourceDetails>;
}

/** ---- the work items of the queue `render` (reference decision 3): identifiers in, identifiers out ---- */

/** Resolve a targetRevision to a commit. Credentials are found by the repo-server itself. */
export interface ResolveRequest {
  kind: 'resolve';
  repoURL: string;
  project: string;
  targetRevision: string;
  /** A chart of a Helm repository or registry. */
  chart?: string;
  passCredentials?: boolean;
  tagPrefix?: string;
  /** Hard refresh: ask the server even if it has just failed. */
  fresh?: true;
}
export interface ResolveResult {
  revision: string;
  ref?: string;
  /** The id of the annotated tag that `ref` is. */
  tag?: string;
}

/** What must be signed of a Git source before anything of it is rendered, and by whom (reference §7.9). */
export interface SourceVerification {
  /** `head`: the tag, or the commit where no tag is named. `strict`: the history too. */
  mode: 'head' | 'strict';
  /** Ids or fingerprints of keys. */
  keys: readonly string[];
  /** The annotated tag by which the revision is meant. */
  tag?: { oid: string; ref: string };
}

/** Sources by the name of their `ref`, each at its own revision. */
export type SourceReferences = Readonly<
  Record<string, { repoURL: string; revision: string; chart?: string; verify?: SourceVerification }>
>;

/** Render one source at a resolved revision. */
export interface RenderRequest {
  kind: 'render';
  source: ApplicationSource;
  /** Full SHA of a commit, version of a chart, digest of an artifact. */
  revision: string;
  verify?: SourceVerification;
  /** Everything of the context but the settings, which the repo-server reads itself. */
  context: Omit<RenderContext, 'settings'>;
  /** The Application's sources that have a `ref`, by it, at their resolved revisions. */
  refs?: SourceReferences;
  /** Hard refresh: render again even if the digest is known. */
  noCache?: boolean;
  /** Key in the sealed cache of an archive to read instead of the repository; its SHA-256 is the revision. */
  files?: string;
}
export interface RenderResult {
  sourceType: SourceType;
  receipt: RenderReceipt;
  cached: boolean;
  warnings: string[];
}
export interface RevisionMetadataRequest {
  kind: 'metadata';
  repoURL: string;
  project: string;
  revision: string;
}
export interface RevisionMetadata {
  author: string;
  date: string;
  tags: string[];
  message: string;
}

/** What a chart says of itself: `ChartDetails`. */
export interface ChartDetailsRequest {
  kind: 'chart-details';
  repoURL: string;
  project: string;
  /** Absent: the chart that `repoURL` names in a registry. */
  chart?: string;
  /** A version, or the digest of an artifact. */
  revision: string;
  passCredentials?: boolean;
}
/** What the publisher of an artifact says of it: `ArtifactMetadata`. */
export interface ArtifactMetadataRequest {
  kind: 'artifact-metadata';
  repoURL: string;
  project: string;
  /** The digest of its manifest. */
  revision: string;
}

/** Says what a manifest set in the cache is of. `mac` is over the other fields, under the key of the seal. */
export interface RenderReceipt {
  repoURL: string;
  revision: string;
  /** The key of the manifest set in the sealed cache is `manifests:<digest>`. */
  digest: string;
  tools: Readonly<Record<string, string>>;
  /** The revisions of the sources that it could refer to, by `ref`. */
  refs?: Readonly<Record<string, string>>;
  /** What was verified, by the request: of the source itself, and of those that it could refer to. */
  verified?: VerifiedSources;
  mac: string;
}

/** The verifications that all sources of a render have passed. */
export interface VerifiedSources {
  source?: SourceVerification;
  refs?: Readonly<Record<string, SourceVerification>>;
}

export type RenderQueueRequest =
  | ResolveRequest
  | RenderRequest
  | RevisionMetadataRequest
  | ChartDetailsRequest
  | ArtifactMetadataRequest
  | SourceDetailsRequest
  | PluginNamesRequest
  | RepositoryQuestion;
export type RenderQueueResult =
  | ResolveResult
  | RenderResult
  | RevisionMetadata
  | ChartDetails
  | ArtifactMetadata
  | SourceDetails
  | PluginNames
  | RepositoryAnswer;
