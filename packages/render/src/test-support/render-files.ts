import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import { silentLogger } from '@plumbline/telemetry';
import { type FileContent, type GitRepository, gitRepository } from '@plumbline/testing';
import { createRenderer, type RendererLimits } from '../renderer.ts';
import type { RenderTools } from '../type-renderer.ts';
import type { RenderContext, RenderedSource, TracedSource } from '../types.ts';
import { testMirrors } from './mirrors.ts';
import { defaultContext, renderTools } from './rig.ts';

export interface FilesRendering {
  source?: Partial<ApplicationSource>;
  context?: Partial<RenderContext>;
  limits?: Partial<RendererLimits>;
  tools?: Partial<RenderTools>;
  /** Another source of the Application, with this `ref`, is the same repository at the same commit. */
  ref?: string;
}

/** A repository whose files are rendered, each time by a renderer of its own. */
export interface FilesRig extends AsyncDisposable {
  /** Holds the work folders, as `work/<number>`. */
  folder: string;
  repository: GitRepository;
  /** Commits the files below the folder `path` and renders that folder. */
  render(
    path: string,
    files: Readonly<Record<string, FileContent>>,
    more?: FilesRendering,
  ): Promise<RenderedSource & { traced: TracedSource }>;
}

export async function createFilesRig(): Promise<FilesRig> {
  const tools = await renderTools();
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-render-files-'));
  const repository = await gitRepository();
  const mirrors = testMirrors(join(folder, 'mirrors'));
  let renderers = 0;
  return {
    folder,
    repository,
    async render(path, files, more = {}) {
      for (const [name, content] of Object.entries(files)) repository.write(`${path}/${name}`, content);
      const commit = await repository.commit();
      renderers += 1;
      const renderer = createRenderer({
        tools: { ...tools, ...more.tools },
        workFolder: join(folder, 'work', String(renderers)),
        logger: silentLogger,
        limits: more.limits ?? {},
      });
      const mirror = await mirrors.get({ url: repository.url });
      await mirror.ensureCommit(commit);
      const source = { repoURL: repository.url, targetRevision: 'main', path, ...more.source };
      const context = { ...defaultContext, ...more.context };
      const sibling = { repoURL: repository.url, revision: commit, open: async () => mirror };
      const surroundings = { refs: new Map(more.ref === undefined ? [] : [[more.ref, sibling]]) };
      const traced = await renderer.trace(mirror, commit, source, context, surroundings);
      return { ...(await renderer.render(mirror, commit, traced, context, { surroundings })), traced };
    },
    async [Symbol.asyncDispose]() {
      await mirrors.close();
      await repository[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
