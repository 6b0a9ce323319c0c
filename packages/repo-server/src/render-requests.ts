import { redact } from '@plumbline/errors';
import type { ObjectReader } from '@plumbline/git';
import {
  type RenderContext,
  type Renderer,
  type RenderRequest,
  type RenderResult,
  type RenderSettings,
  type RenderSurroundings,
  receiptMac,
  type TracedSource,
  type VerifiedSources,
} from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';
import type { VerifyBase } from './base-repositories.ts';
import type { FailureMemory } from './failure-memory.ts';
import { openLocalFiles } from './local-files.ts';
import type { ManifestCache } from './manifest-cache.ts';
import type { RenderMetrics } from './render-metrics.ts';
import type { SourceReaders } from './source-readers.ts';
import type { SourceVerifier } from './source-verifier.ts';
import type { TraceMemory } from './trace-memory.ts';

export interface RenderRequestsOptions {
  readers: SourceReaders;
  verifier: SourceVerifier;
  renderer: Renderer;
  cache: ManifestCache;
  failures: FailureMemory;
  traces: TraceMemory;
  sealed: Pick<SealedCache, 'get'>;
  sealKey: Buffer;
  renderSettings(): RenderSettings;
  /** Whether a repository is read with LFS: other content at the same revision. */
  readsLfs(url: string, project: string): boolean;
  metrics: RenderMetrics;
}

interface Rendering {
  request: RenderRequest;
  reader: ObjectReader;
  context: RenderContext;
  traced: TracedSource;
  surroundings: RenderSurroundings;
  signal: AbortSignal;
}

async function run(
  { renderer, metrics }: RenderRequestsOptions,
  { request, reader, context, traced, surroundings, signal }: Rendering,
) {
  const started = performance.now();
  const rendered = renderer.render(reader, request.revision, traced, context, { signal, surroundings });
  rendered.catch(() => metrics.runFailed(traced.type));
  const { objects, warnings } = await rendered;
  metrics.took(traced.type, (performance.now() - started) / 1000);
  return { sourceType: traced.type, objects, warnings };
}

/** The manifest set is in the cache afterwards; a failure is not repeated before it is due. */
async function manifests(
  options: RenderRequestsOptions,
  rendering: Rendering,
): Promise<{ warnings: string[]; cached: boolean }> {
  const { cache, failures } = options;
  const { digest } = rendering.traced;
  const { source, revision, noCache: fresh = false } = rendering.request;
  const known = fresh ? undefined : await cache.warningsOf(digest);
  if (known) return { warnings: known, cached: true };
  const key = `render ${source.repoURL} ${digest}`;
  if (!fresh) failures.check(key);
  const attempt = () => failures.attempt(key, () => run(options, rendering), { revision, signal: rendering.signal });
  const { warnings, shared } = await cache.fill(digest, attempt, { fresh });
  return { warnings, cached: shared };
}

function receiptOf(
  { source, revision, refs }: RenderRequest,
  { digest, tools }: TracedSource,
  { verified, sealKey }: { verified: VerifiedSources | undefined; sealKey: Buffer },
): RenderResult['receipt'] {
  const revisions = Object.entries(refs ?? {}).map(([name, sibling]) => [name, sibling.revision]);
  const fields = {
    // It lies open in Redis, and a URL may hold a password.
    repoURL: redact(source.repoURL),
    revision,
    digest,
    tools,
    ...(refs ? { refs: Object.fromEntries(revisions) as Record<string, string> } : {}),
    ...(verified ? { verified } : {}),
  };
  return { ...fields, mac: receiptMac(sealKey, fields) };
}

async function render(
  options: RenderRequestsOptions,
  request: RenderRequest,
  signal: AbortSignal,
): Promise<RenderResult> {
  const { readers, verifier, renderer, traces, sealKey } = options;
  const { source, revision, refs = {}, noCache: fresh = false } = request;
  const context: RenderContext = { ...request.context, settings: options.renderSettings() };
  const { project } = context;
  const verifyBase: VerifyBase = (base) => verifier.verifyBase(request, base, signal);
  const reading = { project, signal, fresh, ...(request.verify ? { verifyBase } : {}) };
  await using local = request.files
    ? await openLocalFiles(options.sealed, { key: request.files, checksum: revision })
    : undefined;
  const { reader, content } = local
    ? { reader: local.reader, content: '' }
    : await readers.open({ ...source, revision }, reading);
  const verified = await verifier.verify(request, signal);
  // Files of a caller reach nothing that he could not read himself: no other repository, no charts.
  const surroundings = local ? {} : readers.surroundings(request, reading);
  const lfs = [source, ...Object.values(refs)].map(({ repoURL }) => options.readsLfs(repoURL, project));
  const traced = await traces.get(
    [revision, content, source, context, refs, request.verify ?? null, await renderer.state(), lfs],
    () => renderer.trace(reader, revision, source, context, surroundings),
    { revision, signal, fresh },
  );
  const made = await manifests(options, { request, reader, context, traced, surroundings, signal });
  return { sourceType: traced.type, receipt: receiptOf(request, traced, { verified, sealKey }), ...made };
}

/** Renders what is asked for, and counts how it went. Throws what `git` and `render` throw. */
export function createRenderRequests(options: RenderRequestsOptions) {
  const { metrics } = options;
  return async (request: RenderRequest, signal: AbortSignal): Promise<RenderResult> => {
    try {
      const repo = redact(request.source.repoURL);
      const result = await metrics.pending(repo, () => render(options, request, signal));
      metrics.counted(result.cached ? 'cached' : 'rendered');
      return result;
    } catch (error) {
      metrics.counted('failed');
      throw error;
    }
  };
}
