import { PlumblineError } from '@plumbline/errors';
import {
  createGithubTokens,
  type Mirror,
  type Mirrors,
  type ObjectReader,
  type RepositoryAccess,
  withSubmodules,
} from '@plumbline/git';
import {
  type ChartSources,
  type RenderContext,
  type Renderer,
  type RenderQueueRequest,
  type RenderQueueResult,
  type RenderRequest,
  type RenderResult,
  type RenderSettings,
  type RenderSurroundings,
  receiptMac,
  type SourceReferences,
  type TracedSource,
} from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';
import { createBaseRepositories } from './base-repositories.ts';
import { describeArtifact, describeChart } from './describe-charts.ts';
import { createFailureMemory } from './failure-memory.ts';
import { createManifestCache } from './manifest-cache.ts';
import { withRemoteBackoff } from './remote-backoff.ts';
import type { RenderMetrics } from './render-metrics.ts';
import { createRepositoryQuestions } from './repository-questions.ts';
import { createSourceDescriber } from './source-details.ts';
import { createSourceReaders } from './source-readers.ts';
import { createSourceVerifier } from './source-verifier.ts';
import { createTraceMemory } from './trace-memory.ts';

export interface RenderServiceOptions {
  mirrors: Pick<Mirrors, 'get'>;
  charts: ChartSources;
  renderer: Renderer;
  sealed: SealedCache;
  sealKey: Buffer;
  /** How to reach a repository for a project; asked for every request, so that changed credentials hold at once. */
  repositoryAccess(url: string, project: string): RepositoryAccess;
  renderSettings(): RenderSettings;
  /** Armored keys that signatures are verified with, by name. */
  publicKeys(): Readonly<Record<string, string>>;
  /** Whether the files of submodules are read. */
  submodules: boolean;
  metrics: RenderMetrics;
}

/** Answers the work items of the queue `render`. */
export interface RenderService {
  /** Throws what `git` and `render` throw, with their codes. */
  handle(request: RenderQueueRequest, options: { signal: AbortSignal }): Promise<RenderQueueResult>;
  /** Credentials or options are others now: what failed is tried again when it is next asked for. */
  settingsChanged(): void;
}

interface Rendering {
  request: RenderRequest;
  reader: ObjectReader;
  context: RenderContext;
  traced: TracedSource;
  surroundings: RenderSurroundings;
  signal: AbortSignal;
}

function revisionsOf(refs: SourceReferences): Record<string, string> {
  return Object.fromEntries(Object.entries(refs).map(([name, { revision }]) => [name, revision]));
}

export function createRenderService(options: RenderServiceOptions): RenderService {
  const { mirrors, renderer, sealKey, metrics } = options;
  const cache = createManifestCache(options.sealed);
  const failures = createFailureMemory();
  const traces = createTraceMemory(failures);
  const tokens = createGithubTokens();

  const openBy = async (access: RepositoryAccess, project: string, submodules: boolean): Promise<Mirror> => {
    const mirror = await mirrors.get(access);
    const get = (at: string) => mirrors.get({ ...options.repositoryAccess(at, project), foreign: true });
    return submodules ? withSubmodules(mirror, { open: get }) : mirror;
  };
  const open = (url: string, project: string): Promise<Mirror> =>
    openBy(options.repositoryAccess(url, project), project, options.submodules);

  const questions = createRepositoryQuestions({
    ...options,
    open,
    openBy: (access) => openBy(access, '', false),
  });

  const readers = createSourceReaders({
    charts: options.charts,
    openMirror: open,
    access: (url, project) => tokens.exchange(options.repositoryAccess(url, project)),
    bases: (sourceURL, { project, signal }) =>
      createBaseRepositories({
        sourceURL,
        access: (url) => options.repositoryAccess(url, project),
        open: (access, { submodules }) => openBy(access, project, submodules && options.submodules),
        signal,
      }),
  });

  const resolve = withRemoteBackoff(failures, (request, signal) => readers.resolve(request, signal));
  const { renderSettings } = options;
  const describe = createSourceDescriber({ readers, resolve, renderer, renderSettings });
  const verifier = createSourceVerifier({ openMirror: open, publicKeys: options.publicKeys });

  /** Which of the sources are read with LFS: other content at the same revision. */
  const lfsOf = ({ source, refs = {}, context: { project } }: RenderRequest): boolean[] =>
    [source, ...Object.values(refs)].map(
      ({ repoURL }) => options.repositoryAccess(repoURL, project).enableLfs === true,
    );

  const run = async ({ request, reader, context, traced, surroundings, signal }: Rendering) => {
    const started = performance.now();
    const rendered = renderer.render(reader, request.revision, traced, context, { signal, surroundings });
    rendered.catch(() => metrics.runFailed(traced.type));
    const { objects, warnings } = await rendered;
    metrics.took(traced.type, (performance.now() - started) / 1000);
    return { sourceType: traced.type, objects, warnings };
  };

  const manifests = async (rendering: Rendering): Promise<{ warnings: string[]; cached: boolean }> => {
    const { digest } = rendering.traced;
    const fresh = rendering.request.noCache ?? false;
    const known = fresh ? undefined : await cache.warningsOf(digest);
    if (known) return { warnings: known, cached: true };
    const key = `render ${rendering.request.source.repoURL} ${digest}`;
    if (!fresh) failures.check(key);
    const attempt = () =>
      failures.attempt(key, () => run(rendering), {
        revision: rendering.request.revision,
        signal: rendering.signal,
      });
    const { warnings, shared } = await cache.fill(digest, attempt, { fresh });
    return { warnings, cached: shared };
  };

  const render = async (request: RenderRequest, signal: AbortSignal): Promise<RenderResult> => {
    const { source, revision } = request;
    const context: RenderContext = { ...request.context, settings: options.renderSettings() };
    const fresh = request.noCache ?? false;
    const reading = { project: context.project, signal, fresh };
    const { reader, content } = await readers.open({ ...source, revision }, reading);
    const verified = await verifier.verify(request, signal);
    const surroundings = readers.surroundings(request, reading);
    const traced = await traces.get(
      [revision, content, source, context, request.refs ?? {}, await renderer.state(), lfsOf(request)],
      () => renderer.trace(reader, revision, source, context, surroundings),
      { revision, signal, fresh },
    );
    const { warnings, cached } = await manifests({ request, reader, context, traced, surroundings, signal });
    const refs = request.refs ? { refs: revisionsOf(request.refs) } : {};
    const proved = verified ? { verified } : {};
    const fields = {
      repoURL: source.repoURL,
      revision,
      digest: traced.digest,
      tools: traced.tools,
      ...refs,
      ...proved,
    };
    return { sourceType: traced.type, receipt: { ...fields, mac: receiptMac(sealKey, fields) }, cached, warnings };
  };

  const renderCounted = async (request: RenderRequest, signal: AbortSignal): Promise<RenderResult> => {
    try {
      const result = await render(request, signal);
      metrics.counted(result.cached ? 'cached' : 'rendered');
      return result;
    } catch (error) {
      metrics.counted('failed');
      throw error;
    }
  };

  return {
    async handle(request, { signal }) {
      switch (request.kind) {
        case 'resolve':
          return resolve(request, signal);
        case 'render':
          return renderCounted(request, signal);
        case 'metadata': {
          const mirror = await open(request.repoURL, request.project);
          await mirror.ensureCommit(request.revision, { signal });
          const { author, date, tags, message } = await mirror.commitInfo(request.revision);
          return { author, date, tags, message };
        }
        case 'chart-details':
          return describeChart(options.charts, request, signal);
        case 'artifact-metadata':
          return describeArtifact(options.charts, request, signal);
        case 'source-details':
          return describe(request, signal);
        case 'repository-test':
        case 'repository-refs':
        case 'repository-charts':
        case 'repository-tags':
        case 'repository-apps':
          return questions(request, signal);
        default:
          throw new PlumblineError('REPO_SERVER_REQUEST', `unknown request ${JSON.stringify(request satisfies never)}`);
      }
    },
    settingsChanged: () => failures.clear(),
  };
}
