import type { Counter, Metrics } from '@plumbline/telemetry';
import type { ChartReference, ChartRepository } from '../charts/types.ts';
import { publicUrl } from '../network/guarded-fetch.ts';

type RequestType = 'resolve-revision' | 'digest-metadata' | 'extract' | 'get-tags' | 'test-repo';

const durationBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 20];

function createOciMetrics(metrics: Metrics) {
  const labels = ['repo', 'request_type'];
  const name = (what: string) => `argocd_oci_${what}`;
  const total = metrics.counter({ name: name('request_total'), help: 'Requests to OCI registries', labels });
  const duration = metrics.histogram({
    name: name('request_duration_seconds'),
    help: 'Duration of requests to OCI registries',
    labels,
    buckets: durationBuckets,
  });
  const failed = (what: string, ...more: string[]): Counter =>
    metrics.counter({
      name: name(`${what}_fail_total`),
      help: 'Requests to OCI registries that failed',
      labels: ['repo', ...more],
    });
  const failures: Readonly<Record<RequestType, Counter>> = {
    'resolve-revision': failed('resolve_revision', 'revision'),
    'digest-metadata': failed('digest_metadata', 'revision'),
    extract: failed('extract', 'revision'),
    'get-tags': failed('get_tags'),
    'test-repo': failed('test_repo'),
  };
  return async <T>(type: RequestType, { repoURL, version }: OciQuestion, ask: () => Promise<T>): Promise<T> => {
    const repo = publicUrl(repoURL);
    const began = performance.now();
    try {
      return await ask();
    } catch (error) {
      failures[type].inc({ repo, ...(version === undefined ? {} : { revision: version }) });
      throw error;
    } finally {
      total.inc({ repo, request_type: type });
      duration.observe({ repo, request_type: type }, (performance.now() - began) / 1000);
    }
  };
}

interface OciQuestion {
  repoURL: string;
  version?: string;
}

const about = ({ repoURL, version }: ChartReference): OciQuestion => ({ repoURL, version });

/** Registries whose requests are counted and timed under Argo CD's names (reference §13.2). */
export function measuredRegistries(registries: ChartRepository, metrics: Metrics | undefined): ChartRepository {
  if (!metrics) return registries;
  const measure = createOciMetrics(metrics);
  const { annotations, tags, check } = registries;
  return {
    ...registries,
    resolve: (...asked) => measure('resolve-revision', about(asked[0]), () => registries.resolve(...asked)),
    locate: async (...asked) => {
      const of = about(asked[0]);
      const located = await measure('resolve-revision', of, () => registries.locate(...asked));
      return { ...located, download: (options) => measure('extract', of, () => located.download(options)) };
    },
    ...(annotations
      ? { annotations: (...asked) => measure('digest-metadata', about(asked[0]), () => annotations(...asked)) }
      : {}),
    ...(tags ? { tags: (...asked) => measure('get-tags', { repoURL: asked[0] }, () => tags(...asked)) } : {}),
    ...(check ? { check: (...asked) => measure('test-repo', { repoURL: asked[0] }, () => check(...asked)) } : {}),
  };
}
