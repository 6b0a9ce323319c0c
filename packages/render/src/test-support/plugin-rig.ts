import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import { type KubeObject, toYaml } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository } from '@plumbline/testing';
import type { SourceDetails } from '../details/source-details.ts';
import { createRenderer } from '../renderer.ts';
import type { RenderContext, Renderer, RenderSurroundings, TracedSource } from '../types.ts';
import { testMirrors } from './mirrors.ts';
import { defaultContext } from './rig.ts';

export interface PluginProcess {
  child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A repository, a renderer, and plugin servers as processes. */
export interface PluginRig extends AsyncDisposable {
  repository: GitRepository;
  renderer: Renderer;
  /** Where the plugin servers have their sockets. */
  sockets: string;
  /** TMPDIR of the plugin servers: their private copies are below it. */
  temporary: string;
  /** Starts a plugin server for `spec` of a ConfigManagementPlugin. */
  start(
    name: string,
    spec: object,
    more?: { env?: Record<string, string>; annotations?: Record<string, string> },
  ): Promise<PluginProcess>;
  trace(source?: Partial<ApplicationSource>, context?: Partial<RenderContext>): Promise<TracedSource>;
  render(
    source?: Partial<ApplicationSource>,
    options?: { signal?: AbortSignal; surroundings?: RenderSurroundings; context?: Partial<RenderContext> },
  ): Promise<{ traced: TracedSource; objects: KubeObject[]; warnings: string[] }>;
  describe(source?: Partial<ApplicationSource>): Promise<SourceDetails>;
  /** Names of private copies that are there. */
  copies(): Promise<string[]>;
}

/** A command that prints a ConfigMap `out` whose `data` are the words, which the shell expands. */
export const printing = (data: Record<string, string>, before = ''): { command: string[]; args: string[] } => {
  const lines = Object.entries(data).map(([key, value]) => `printf '  ${key}: "%s"\\n' "${value}"`);
  const head = "printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: out}\\ndata:\\n'";
  return { command: ['sh', '-c'], args: [[before, head, ...lines].filter(Boolean).join('\n')] };
};

/** `data` of the one ConfigMap. */
export const outcome = ({ objects }: { objects: KubeObject[] }): unknown => objects[0]?.['data'];

function launch(config: string, sockets: string, env: Record<string, string>): Promise<PluginProcess> {
  const entry = join(import.meta.dirname, 'plugin-server-main.ts');
  const child = fork(entry, [config, sockets], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    await ended;
  };
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve({ child, stop }));
    ended.then(() => reject(new Error('the plugin server ended before it was ready')));
  });
}

export async function createPluginRig(): Promise<PluginRig> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-plugins-'));
  const [sockets, temporary] = [join(folder, 'sockets'), join(folder, 'tmp')];
  await mkdir(temporary);
  const repository = await gitRepository();
  const mirrors = testMirrors(join(folder, 'mirrors'));
  const renderer = createRenderer({
    tools: { kustomize: 'kustomize', helm: 'helm' },
    workFolder: join(folder, 'work'),
    logger: silentLogger,
    pluginSockets: sockets,
  });
  const processes: PluginProcess[] = [];
  const open = async (source: Partial<ApplicationSource>) => {
    const mirror = await mirrors.get({ url: repository.url });
    const { commit } = await mirror.resolve('HEAD');
    const full: ApplicationSource = { repoURL: repository.url, targetRevision: 'HEAD', path: 'app', ...source };
    return { mirror, commit, full };
  };

  return {
    repository,
    renderer,
    sockets,
    temporary,
    async start(name, spec, { env = {}, annotations = {} } = {}) {
      const config = join(folder, `${name}-${processes.length}.yaml`);
      const metadata = { name, annotations };
      const kind = 'ConfigManagementPlugin';
      await writeFile(config, toYaml({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata, spec }));
      const started = await launch(config, sockets, { TMPDIR: temporary, ...env });
      processes.push(started);
      return started;
    },
    async trace(source = {}, context = {}) {
      const { mirror, commit, full } = await open(source);
      return renderer.trace(mirror, commit, full, { ...defaultContext, ...context });
    },
    async describe(source = {}) {
      const { mirror, commit, full } = await open(source);
      return renderer.describe(mirror, commit, full, defaultContext, {});
    },
    async render(source = {}, options = {}) {
      const { mirror, commit, full } = await open(source);
      const context = { ...defaultContext, ...options.context };
      const traced = await renderer.trace(mirror, commit, full, context, options.surroundings);
      const { objects, warnings } = await renderer.render(mirror, commit, traced, context, options);
      return { traced, objects, warnings };
    },
    async copies() {
      const [servers, ...others] = await readdir(temporary);
      if (servers === undefined || others.length > 0) throw new Error('expected the folder of one plugin server');
      return readdir(join(temporary, servers));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map(({ stop }) => stop()));
      await mirrors.close();
      await repository[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
