import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { type Application, type ApplicationSource, hasMultipleSources, sourcesOf } from '@plumbline/apis';
import { type ApiClient, ApiError } from '@plumbline/protocol';
import { createChartSources, createRenderer, type RenderContext, type RenderSurroundings } from '@plumbline/render';
import { silentLogger } from '@plumbline/telemetry';
import { Fatal } from '../../fatal.ts';
import type { Terminal } from '../../terminal.ts';
import { folderReader } from './folder-reader.ts';
import { renderTools } from './tools.ts';

export interface LocalRender {
  client: ApiClient;
  terminal: Terminal;
  application: Application;
  /** Folder of the source. */
  path: string;
  /** Root of its repository; by default the working copy that the folder lies in. */
  root?: string | undefined;
}

const maxDirectoryBytes = 10 * 1024 * 1024;
/** There is no commit: what depends on it sees this. */
const revision = '0'.repeat(40);

/** The working copy that a folder lies in; the folder itself where it lies in none. */
function workingCopyOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}

function sourceOf({ application, path, root }: LocalRender): { source: ApplicationSource; root: string } {
  const { name } = application.metadata;
  if (hasMultipleSources(application.spec)) {
    throw new Fatal(`application ${name} has several sources: --local is for applications with one`, {
      next: 'render what you want to compare, and give it as a file or with --local -',
      exitCode: 1,
    });
  }
  const folder = resolve(path);
  const asked = root === undefined || root === '/' ? workingCopyOf(folder) : resolve(root);
  const inside = relative(asked, folder);
  if (inside.startsWith('..'))
    throw new Fatal(`${path} does not lie below ${asked}`, { next: 'name another --local-repo-root', exitCode: 1 });
  const { chart: _, ...source } = sourcesOf(application.spec)[0] ?? { repoURL: '' };
  return { source: { ...source, path: inside === '' ? '.' : inside }, root: asked };
}

/** What the server knows of the destination and of its own settings. */
/** Who may not see the cluster renders for no version of it in particular; any other failure is one. */
function unseen(error: unknown): undefined {
  if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 404)) throw error;
}

async function contextOf({ client, application }: LocalRender): Promise<RenderContext> {
  const { destination, project } = application.spec;
  const id = destination.name || destination.server || '';
  const query = { 'id.type': destination.name ? ('name' as const) : ('server' as const) };
  const [settings, cluster] = await Promise.all([
    client.call('settings'),
    client.call('getCluster', { params: { id }, query }).catch(unseen),
  ]);
  const { name, namespace = '' } = application.metadata;
  const elsewhere = namespace !== '' && namespace !== (settings.controllerNamespace ?? namespace);
  return {
    appName: elsewhere ? `${namespace}_${name}` : name,
    project,
    namespace: destination.namespace ?? '',
    kubeVersion: cluster?.info.serverVersion.replace(/^v/, '') || '1.36.0',
    apiVersions: cluster?.info.apiVersions ?? [],
    settings: {
      kustomizeBuildOptions: (settings.kustomizeOptions?.buildOptions ?? '').split(/\s+/).filter((word) => word !== ''),
      kustomizePaths: {},
      enabled: { kustomize: true, helm: true, jsonnet: true },
      maxDirectoryBytes,
      valuesFileSchemes: ['https', 'http'],
    },
  };
}

/** Charts that a chart depends on come from where it says, without credentials. */
function surroundingsIn(folder: string): RenderSurroundings {
  const charts = createChartSources({ folder, access: (url) => ({ url }), declared: () => undefined });
  const project = '';
  return {
    charts: {
      fetch: (wanted) => charts.fetch({ ...wanted, project }),
      archive: (digest) => charts.archive(digest),
      open: (wanted) => charts.open({ ...wanted, project }),
    },
  };
}

/**
 * Renders a folder of this machine as the server would render the Application's source if it held that: kustomizations,
 * charts, Jsonnet and plain manifests. Answers JSON texts.
 */
export async function renderFolder(render: LocalRender): Promise<string[]> {
  const { source, root } = sourceOf(render);
  const [context, tools] = await Promise.all([contextOf(render), renderTools(render.terminal, render.path)]);
  const work = await mkdtemp(join(tmpdir(), 'plumb-local-'));
  try {
    const renderer = createRenderer({ tools, workFolder: join(work, 'render'), logger: silentLogger });
    const reader = folderReader(root);
    const surroundings = surroundingsIn(join(work, 'charts'));
    const traced = await renderer.trace(reader, revision, source, context, surroundings);
    const { objects, warnings } = await renderer.render(reader, revision, traced, context, { surroundings });
    for (const warning of warnings) render.terminal.err(`warning: ${warning}\n`);
    return objects.map((object) => JSON.stringify(object));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
