import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import type { ObjectReader } from '@plumbline/git';
import type { Logger } from '@plumbline/telemetry';
import { buildEnvironment } from './build-environment.ts';
import { createDescribeSource } from './details/describe-source.ts';
import { detectSourceType } from './detect-source-type.ts';
import { digestOf } from './digest.ts';
import { directoryRenderer } from './directory/directory.ts';
import { helmRenderer } from './helm/helm.ts';
import { kustomizeRenderer } from './kustomize/kustomize.ts';
import { createManifestMeter, defaultManifestLimits, limitWarnings, type ManifestLimits } from './manifest-limits.ts';
import { openPluginFolder } from './plugin/plugin-folder.ts';
import { pluginRenderer } from './plugin/plugin-renderer.ts';
import { createPluginSelection, type PluginSelection } from './plugin/select-plugin.ts';
import { recordInputs } from './repository/input-recorder.ts';
import { displayPath } from './repository/paths.ts';
import { openRepository } from './repository/repository-view.ts';
import { guardSymlinks } from './repository/symlinks.ts';
import { createSlots } from './slots.ts';
import { findSourceFolder } from './source-folder.ts';
import { mergeOverrides } from './source-overrides.ts';
import { canLimitMemory } from './tool/memory-limit.ts';
import { readToolVersions } from './tool/tool-versions.ts';
import type { RenderKit, RenderTools, SourceAtRevision, TypeRenderer } from './type-renderer.ts';
import type {
  RenderContext,
  RenderedSource,
  Renderer,
  RenderOptions,
  RenderSurroundings,
  SourceType,
  TracedSource,
} from './types.ts';
import { WorkFolder, type WorkFolderLimits } from './work-folder.ts';

export interface RendererLimits extends WorkFolderLimits, ManifestLimits {
  /** For one run of a tool. Default 90 s. */
  timeoutMs: number;
  /** What a tool may print. Default 100 MiB. */
  maxOutputBytes: number;
  /** What each process of a tool may hold. Default 2 GiB. */
  maxMemoryBytes: number;
  /** Renders at one time; others wait. Default: the number of cores. */
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
    hiddenFromPlugins: [workFolder, ...(options.hiddenFromPlugins ?? [])].map((path) => resolve(path)),
    logger,
    versions: readToolVersions(() => work.home()),
    timeoutMs: limits.timeoutMs ?? 90_000,
    maxOutputBytes: limits.maxOutputBytes ?? 100 * 1024 * 1024,
    maxMemoryBytes: limits.maxMemoryBytes ?? 2 * 1024 * 1024 * 1024,
    manifestLimits: { ...defaultManifestLimits, ...limits },
  };
}

interface SourceAt {
  reader: ObjectReader;
  revision: string;
  source: ApplicationSource;
  context: RenderContext;
  surroundings: RenderSurroundings;
}

/** Opens sources of repositories without symlinks that leave them, with their overrides merged in. */
function sourceOpener(): (where: SourceAt) => Promise<SourceAtRevision> {
  const symlinks = guardSymlinks();
  return async ({ reader, revision, source, context, surroundings }) => {
    const view = await openRepository(reader, revision);
    await symlinks.check(view);
    const folder = await findSourceFolder(view, source);
    const effective = await mergeOverrides(view, folder.path, { source, appName: context.appName });
    const environment = buildEnvironment(source, revision, context);
    return { view, folder, source: effective, environment, context, surroundings };
  };
}

/** Traces and renders sources. Keeps nothing but its work folder and memories of content by object id. */
export function createRenderer(options: RendererOptions): Renderer {
  const kit = createKit(options);
  const pluginFolder = openPluginFolder(options.pluginSockets);
  const plugins = createPluginSelection(pluginFolder);
  const types = typeRenderers(kit, plugins);
  const slots = createSlots(options.limits?.parallel ?? availableParallelism());
  const open = sourceOpener();

  const typeOf = (at: SourceAtRevision): Promise<SourceType> =>
    detectSourceType(at.view, at.folder.path, {
      source: at.source,
      enabled: at.context.settings.enabled,
      isPlugin: async () => (await plugins.discovered(at)) !== undefined,
    });

  const traceAs = async (type: SourceType, at: SourceAtRevision): Promise<TracedSource> => {
    const recorder = recordInputs(at.view);
    const { facts, tools, momentary } = await types[type].trace(at, recorder);
    const inputs = recorder.inputs();
    const digest = digestOf({ type, path: at.folder.path, inputs, facts, tools });
    return { type, source: at.source, inputs, digest, tools, ...(momentary ? { momentary } : {}) };
  };

  const renderTraced = async (
    at: SourceAtRevision,
    { type, inputs, tools }: TracedSource,
    given: RenderOptions,
  ): Promise<RenderedSource> => {
    const asked = performance.now();
    const { objects, warnings } = await slots.run(() => {
      options.onWait?.((performance.now() - asked) / 1000);
      return types[type].render(at, inputs, { ...given, tools });
    }, given.signal);
    const meter = createManifestMeter(displayPath(at.folder.path), kit.manifestLimits);
    for (const object of objects) meter.add(object);
    return { objects, warnings: limitWarnings(warnings) };
  };

  const describe = createDescribeSource({
    plugins,
    render: async (at, type, signal) => renderTraced(at, await traceAs(type, at), signal ? { signal } : {}),
  });

  return {
    state: () => pluginFolder.state(),

    async trace(reader, revision, source, context, surroundings = {}) {
      const at = await open({ reader, revision, source, context, surroundings });
      return traceAs(await typeOf(at), at);
    },

    async render(reader, revision, traced, context, given) {
      const { source } = traced;
      const view = await openRepository(reader, revision);
      const folder = await findSourceFolder(view, source);
      const environment = buildEnvironment(source, revision, context);
      const at = { view, folder, source, environment, context, surroundings: given.surroundings ?? {} };
      return renderTraced(at, traced, given);
    },

    async describe(reader, revision, source, context, { signal, surroundings = {} }) {
      const at = await open({ reader, revision, source, context, surroundings });
      return describe(at, await typeOf(at), signal);
    },
  };
}
