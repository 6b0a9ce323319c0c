import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import { ensureTools } from '@plumbline/embedded-cluster';
import type { Mirror } from '@plumbline/git';
import type { KubeObject } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import { createRenderer } from '../renderer.ts';
import type { RenderTools } from '../type-renderer.ts';
import type {
  RenderContext,
  Renderer,
  RenderSettings,
  RenderSurroundings,
  SourceType,
  TracedSource,
} from '../types.ts';
import { testMirrors } from './mirrors.ts';

/** The settings of a fresh installation. */
export const defaultSettings: RenderSettings = {
  kustomizeBuildOptions: [],
  kustomizePaths: {},
  enabled: { kustomize: true, helm: true, jsonnet: true },
  maxDirectoryBytes: 10 * 1024 * 1024,
  valuesFileSchemes: ['https', 'http'],
};

export const defaultContext: RenderContext = {
  appName: 'guestbook',
  project: 'default',
  namespace: 'target',
  kubeVersion: '1.36.1',
  apiVersions: ['apps/v1', 'apps/v1/Deployment', 'v1', 'v1/ConfigMap'],
  settings: defaultSettings,
};

/** What one render gives. */
export interface Rendered {
  type: SourceType;
  /** By `Kind/name`. */
  objects: Record<string, KubeObject>;
  list: KubeObject[];
  warnings: string[];
  traced: TracedSource;
}

export interface RenderOptions {
  source?: Partial<ApplicationSource>;
  context?: Partial<RenderContext>;
  settings?: Partial<RenderSettings>;
  /** Default: HEAD. */
  revision?: string;
  surroundings?: RenderSurroundings;
}

/** A real repository and a renderer with the real tools. */
export interface Rig extends AsyncDisposable {
  /** Holds the mirrors, and the work folder as `work`. */
  folder: string;
  repository: GitRepository;
  renderer: Renderer;
  tools: RenderTools;
  /** What trace and render are called with. */
  open(
    options?: RenderOptions,
  ): Promise<{ mirror: Mirror; commit: string; source: ApplicationSource; context: RenderContext }>;
  trace(options?: RenderOptions): Promise<TracedSource>;
  render(options?: RenderOptions): Promise<Rendered>;
  /** Paths of the inputs, those found to be missing with a leading `!`. */
  inputs(options?: RenderOptions): Promise<string[]>;
}

export async function renderTools(): Promise<Required<RenderTools>> {
  return ensureTools({ names: ['kustomize', 'helm', 'jsonnet'] });
}

export async function createRig(): Promise<Rig> {
  const tools = await renderTools();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-render-'));
  const repository = await gitRepository();
  const mirrors = testMirrors(join(folder, 'mirrors'));
  const renderer = createRenderer({ tools, workFolder: join(folder, 'work'), logger: silentLogger });

  const open: Rig['open'] = async ({ source, context, settings, revision } = {}) => {
    const mirror: Mirror = await mirrors.get({ url: repository.url });
    const { commit } = await mirror.resolve(revision ?? 'HEAD');
    return {
      mirror,
      commit,
      source: { repoURL: repository.url, targetRevision: 'HEAD', path: '.', ...source },
      context: { ...defaultContext, ...context, settings: { ...defaultSettings, ...settings } },
    };
  };
  const trace = async (options: RenderOptions = {}) => {
    const { mirror, commit, source, context } = await open(options);
    return renderer.trace(mirror, commit, source, context, options.surroundings);
  };

  return {
    folder,
    repository,
    renderer,
    tools,
    open,
    trace,
    async render(options = {}) {
      const { mirror, commit, source, context } = await open(options);
      const { surroundings = {} } = options;
      const traced = await renderer.trace(mirror, commit, source, context, surroundings);
      const { objects, warnings } = await renderer.render(mirror, commit, traced, context, { surroundings });
      const byName = Object.fromEntries(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
      return { type: traced.type, objects: byName, list: objects, warnings, traced };
    },
    async inputs(options = {}) {
      const { inputs } = await trace(options);
      return inputs.map(({ path, oid }) => (oid === null ? `!${path}` : path));
    },
    async [Symbol.asyncDispose]() {
      await mirrors.close();
      await repository[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A variable of the build environment as options write it. */
export function variable(name: string): string {
  return `\${${name}}`;
}
