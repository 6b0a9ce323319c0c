import type { ApplicationSource } from '@plumbline/apis';
import type { Logger } from '@plumbline/telemetry';
import type { BuildEnvironment } from './build-environment.ts';
import type { ManifestLimits } from './manifest-limits.ts';
import type { InputRecorder } from './repository/input-recorder.ts';
import type { Found, RepositoryView } from './repository/repository-view.ts';
import type { ToolVersions } from './tool/tool-versions.ts';
import type { RenderContext, RenderedSource, RenderSurroundings, TracedInput, TracedSource } from './types.ts';
import type { WorkFolder } from './work-folder.ts';

/** Programs that render. */
export interface RenderTools {
  kustomize: string;
  helm: string;
  /** Absent: a Jsonnet file is an error. */
  jsonnet?: string;
}

/** What all source types share. */
export interface RenderKit {
  tools: RenderTools;
  versions: ToolVersions;
  work: WorkFolder;
  /** What the operator lets plugins of kustomize see of the environment. */
  pluginEnvironment: Readonly<Record<string, string>>;
  /** Folders and files that plugins of kustomize do not see, where the system can hide them. */
  hiddenFromPlugins: readonly string[];
  logger: Logger;
  /** For one run of a tool. */
  timeoutMs: number;
  maxOutputBytes: number;
  maxMemoryBytes: number;
  manifestLimits: ManifestLimits;
}

/** One source at one revision, with its overrides merged in. */
export interface SourceAtRevision {
  view: RepositoryView;
  /** The folder of the source, symlinks followed. */
  folder: Found;
  source: ApplicationSource;
  environment: BuildEnvironment;
  context: RenderContext;
  surroundings: RenderSurroundings;
}

/** What a source type tells of a render before it runs. */
export interface TypeTrace {
  /** Options after substitution and facts of the context, as far as they decide the result. */
  facts: unknown;
  tools: Record<string, string>;
  /** See {@link TracedSource.momentary}. */
  momentary?: true;
}

/** One source type: how its inputs are found, and how it renders them. */
export interface TypeRenderer {
  /** Records the inputs. */
  trace(at: SourceAtRevision, inputs: InputRecorder): Promise<TypeTrace>;
  render(
    at: SourceAtRevision,
    inputs: readonly TracedInput[],
    options: { signal?: AbortSignal; tools: TracedSource['tools'] },
  ): Promise<RenderedSource>;
}
