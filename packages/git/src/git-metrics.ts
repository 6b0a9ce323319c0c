import type { Metrics } from '@plumbline/telemetry';

export type GitRequestType = 'fetch' | 'ls-remote';

/** Counts what is asked of remotes, under Argo CD's names (reference §13.2). */
export interface GitMetrics {
  /** Times one request to the remote. */
  request<T>(repo: string, type: GitRequestType, run: () => Promise<T>): Promise<T>;
  /** A caller did not get the revision because the request failed. */
  failed(repo: string, type: GitRequestType, revision: string): void;
}

/** Registers the metrics; with none given, counts nothing. */
export function createGitMetrics(metrics: Metrics | undefined): GitMetrics {
  if (!metrics) return { request: (_repo, _type, run) => run(), failed: () => {} };
  const labels = ['repo', 'request_type'];
  const total = metrics.counter({ name: 'argocd_git_request_total', help: 'Requests to Git repositories', labels });
  const duration = metrics.histogram({
    name: 'argocd_git_request_duration_seconds',
    help: 'Duration of requests to Git repositories',
    labels,
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 20],
  });
  const failLabels = ['repo', 'revision'];
  const failures = {
    fetch: metrics.counter({ name: 'argocd_git_fetch_fail_total', help: 'Failed fetches', labels: failLabels }),
    'ls-remote': metrics.counter({
      name: 'argocd_git_lsremote_fail_total',
      help: 'Failed looks at refs',
      labels: failLabels,
    }),
  };
  return {
    async request(repo, type, run) {
      const began = performance.now();
      try {
        return await run();
      } finally {
        total.inc({ repo, request_type: type });
        duration.observe({ repo, request_type: type }, (performance.now() - began) / 1000);
      }
    },
    failed: (repo, type, revision) => failures[type].inc({ repo, revision }),
  };
}
