import { PlumblineError } from '@plumbline/errors';
import type { AccessTokens, Mirrors, RepositoryAccess } from '@plumbline/git';
import type {
  ChartSources,
  Renderer,
  RenderQueueRequest,
  RenderQueueResult,
  RenderSettings,
  RevisionMetadata,
  RevisionMetadataRequest,
} from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';
import { createBaseRepositories } from './base-repositories.ts';
import { describeArtifact, describeChart } from './describe-charts.ts';
import { createFailureMemory, type FailureMemory } from './failure-memory.ts';
import { createManifestCache } from './manifest-cache.ts';
import { createOpenMirrors, type OpenMirrors } from './open-mirrors.ts';
import { withRemoteBackoff } from './remote-backoff.ts';
import type { RenderMetrics } from './render-metrics.ts';
import { createRenderRequests } from './render-requests.ts';
import { createRepositoryQuestions } from './repository-questions.ts';
import { createSourceDescriber } from './source-details.ts';
import { createSourceReaders, type SourceReaders } from './source-readers.ts';
import { createSourceVerifier } from './source-verifier.ts';
import { createTraceMemory } from './trace-memory.ts';

export interface RenderServiceOptions {
  mirrors: Pick<Mirrors, 'get'>;
  charts: ChartSources;
  /** Exchanges identities for what repositories take. */
  tokens: AccessTokens;
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
  /** Names of the config management plugins that are there. Default none. */
  pluginNames?: () => Promise<string[]>;
}

/** Answers the work items of the queue `render`. */
export interface RenderService {
  /** Throws what `git` and `render` throw, with their codes. */
  handle(request: RenderQueueRequest, options: { signal: AbortSignal }): Promise<RenderQueueResult>;
  /** Credentials or options are others now: what failed is tried again when it is next asked for. */
  settingsChanged(): void;
}

function readersOf(options: RenderServiceOptions, mirrors: OpenMirrors): SourceReaders {
  const { charts, repositoryAccess, tokens } = options;
  return createSourceReaders({
    charts,
    openMirror: mirrors.open,
    access: (url, project) => tokens.exchange(repositoryAccess(url, project)),
    bases: (sourceURL, { project, signal, verifyBase: verify }) =>
      createBaseRepositories({
        sourceURL,
        access: (url) => repositoryAccess(url, project),
        open: (access, { submodules }) => mirrors.openBy(access, { project, submodules }),
        verify,
        signal,
      }),
  });
}

/** What the commit says of itself. */
function createMetadata({ open }: OpenMirrors) {
  return async (
    { repoURL, project, revision }: RevisionMetadataRequest,
    signal: AbortSignal,
  ): Promise<RevisionMetadata> => {
    const mirror = await open(repoURL, project);
    await mirror.ensureCommit(revision, { signal });
    const { author, date, tags, message } = await mirror.commitInfo(revision);
    return { author, date, tags, message };
  };
}

/** What answers each kind of request. */
function createAnswers(options: RenderServiceOptions, failures: FailureMemory) {
  const { renderer, charts, sealed, renderSettings, publicKeys, repositoryAccess } = options;
  const mirrors = createOpenMirrors(options);
  const readers = readersOf(options, mirrors);
  const resolve = withRemoteBackoff(failures, (request, signal) => readers.resolve(request, signal));
  return {
    resolve,
    render: createRenderRequests({
      ...options,
      readers,
      failures,
      verifier: createSourceVerifier({ openMirror: mirrors.open, publicKeys }),
      cache: createManifestCache(sealed),
      traces: createTraceMemory(failures),
      readsLfs: (url, project) => repositoryAccess(url, project).enableLfs === true,
    }),
    metadata: createMetadata(mirrors),
    describe: createSourceDescriber({ readers, resolve, renderer, renderSettings }),
    question: createRepositoryQuestions({
      charts,
      sealed,
      open: mirrors.open,
      openBy: (access) => mirrors.openBy(access, { project: '', submodules: false }),
    }),
  };
}

export function createRenderService(options: RenderServiceOptions): RenderService {
  const failures = createFailureMemory();
  const answers = createAnswers(options, failures);
  return {
    async handle(request, { signal }) {
      switch (request.kind) {
        case 'resolve':
          return answers.resolve(request, signal);
        case 'render':
          return answers.render(request, signal);
        case 'metadata':
          return answers.metadata(request, signal);
        case 'chart-details':
          return describeChart(options.charts, request, signal);
        case 'artifact-metadata':
          return describeArtifact(options.charts, request, signal);
        case 'source-details':
          return answers.describe(request, signal);
        case 'plugins':
          return { plugins: (await options.pluginNames?.()) ?? [] };
        case 'repository-test':
        case 'repository-refs':
        case 'repository-charts':
        case 'repository-tags':
        case 'repository-apps':
          return answers.question(request, signal);
        default:
          throw new PlumblineError('REPO_SERVER_REQUEST', `unknown request ${JSON.stringify(request satisfies never)}`);
      }
    },
    settingsChanged: () => failures.clear(),
  };
}
