import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from '@plumbline/telemetry';
import { createDescribeSource } from './details/describe-source.ts';
import { detectSourceType } from './detect-source-type.ts';
import { directoryRenderer } from './directory/directory.ts';
import { helmRenderer } from './helm/helm.ts';
import { kustomizeRenderer } from './kustomize/kustomize.ts';
import { defaultManifestLimits, type ManifestLimits } from './manifest-limits.ts';
import { openTraced, sourceOpener } from './open-source.ts';
import { openPluginFolder } from './plugin/plugin-folder.ts';
import { pluginRenderer } from './plugin/plugin-renderer.ts';
import { createPluginSelection, type PluginSelection } from './plugin/select-plugin.ts';
import { renderTraced, type TypedRendering, traceAs } from './render-traced.ts';
import { createSlots } from './slots.ts';
import { canLimitMemory } from './tool/memory-limit.ts';
import { readToolVersions } from './tool/tool-versions.ts';
import type { RenderKit, RenderTools, SourceAtRevision, TypeRenderer } from './type-renderer.ts';
import type { Renderer, SourceType } from './types.ts';
import { WorkFolder, type WorkFolderLimits } from './work-folder.ts';

/** Two a core: while one runs its tool, the other writes its inputs or reads its output. */
const defaultParallel = 2 * availableParallelism();

/** Where Node keeps compiled code: who writes there decides what our processes run. */
const compileCache = join(tmpdir(), 'node-compile-cache');

export interface RendererLimits extends WorkFolderLimits, ManifestLimits {
  /** For one run of a tool. Default 90 s. */
  timeoutMs: number;
  /** What a tool may print. Default 100 MiB. */
  maxOutputBytes: number;
  /** What each process of a tool may hold. Default 2 GiB. */
  maxMemoryBytes: number;
  /** Renders at one time; others wait. Default {@link defaultParallel}. */
  parallel: number;
}

export interface RendererOptions {
  tools: RenderTools;
  /** Owned by this renderer: emptied at the first use. */
  workFolder: string;
  logger: Logger;
  /** What plugins of kustomize see of the environment, beside PATH and private folders. */
  pluginEnvironment?: Readonly<Record<string, string>>;
  /** Folders and files that plugins of kustomize do not see, where the system can hide them; the work folder is one. */
  hiddenFromPlugins?: readonly string[];
  /** Where sockets of plugin servers are; absent: no plugins. */
  pluginSockets?: string;
  limits?: Partial<RendererLimits>;
  /** Is told how long a render waited for a free slot, seconds. */
  onWait?(seconds: number): void;
}

function typeRenderers(kit: RenderKit, plugins: PluginSelection): Record<SourceType, TypeRenderer> {
  return {
    Directory: directoryRenderer(kit),
    Kustomize: kustomizeRenderer(kit),
    Helm: helmRenderer(kit),
    Plugin: pluginRenderer(kit, plugins),
  };
}

function createKit({ tools, workFolder, logger, limits = {}, ...options }: RendererOptions): RenderKit {
  if (!canLimitMemory()) {
    logger.warn('tools run without a limit of memory: prlimit (util-linux) is missing', {
      hint: 'limit the container',
    });
  }
  const work = new WorkFolder(workFolder, limits);
  return {
    tools,
    work,
    pluginEnvironment: options.pluginEnvironment ?? {},
    hiddenFromPlugins: [workFolder, compileCache, ...(options.hiddenFromPlugins ?? [])].map((path) => resolve(path)),
    logger,
    versions: readToolVersions(() => work.home()),
    timeoutMs: limits.timeoutMs ?? 90_000,
    maxOutputBytes: limits.maxOutputBytes ?? 100 * 1024 * 1024,
    maxMemoryBytes: limits.maxMemoryBytes ?? 2 * 1024 * 1024 * 1024,
    manifestLimits: { ...defaultManifestLimits, ...limits },
  };
}

function typeDetector(plugins: PluginSelection): (at: SourceAtRevision) => Promise<SourceType> {
  return (at) =>
    detectSourceType(at.view, at.folder.path, {
      source: at.source,
      enabled: at.context.settings.enabled,
      isPlugin: async () => (await plugins.discovered(at)) !== undefined,
    });
}

/** Traces and renders sources. Keeps nothing but its work folder and memories of content by object id. */
export function createRenderer(options: RendererOptions): Renderer {
  const kit = createKit(options);
  const pluginFolder = openPluginFolder(options.pluginSockets);
  const plugins = createPluginSelection(pluginFolder);
  const typed: TypedRendering = {
    types: typeRenderers(kit, plugins),
    slots: createSlots(options.limits?.parallel ?? defaultParallel),
    limits: kit.manifestLimits,
    onWait: options.onWait,
  };
  const open = sourceOpener();
  const typeOf = typeDetector(plugins);
  const describe = createDescribeSource({
    plugins,
    async render(at, type, signal) {
      const traced = await traceAs(type, at, typed);
      return renderTraced(at, { ...traced, given: signal ? { signal } : {} }, typed);
    },
  });

  return {
    state: () => pluginFolder.state(),
    async trace(reader, revision, source, context, surroundings = {}) {
      const at = await open({ reader, revision, source, context, surroundings });
      return traceAs(await typeOf(at), at, typed);
    },
    async render(reader, revision, traced, context, given) {
      const { source } = traced;
      const at = await openTraced({ reader, revision, source, context, surroundings: given.surroundings ?? {} });
      return renderTraced(at, { ...traced, given }, typed);
    },
    async describe(reader, revision, source, context, { signal, surroundings = {} }) {
      const at = await open({ reader, revision, source, context, surroundings });
      return describe(at, await typeOf(at), signal);
    },
  };
}
