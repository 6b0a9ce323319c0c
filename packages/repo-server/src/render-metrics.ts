import type { SourceType } from '@plumbline/render';
import type { Metrics } from '@plumbline/telemetry';

/** `rendered`: a tool ran (or files were read); `cached`: the manifest set was known; `failed`: neither. */
export type RenderOutcome = 'rendered' | 'cached' | 'failed';

export interface RenderMetrics {
  counted(result: RenderOutcome): void;
  /** Time of one render without its wait for a slot being told apart. */
  took(type: SourceType, seconds: number): void;
  /** One run that ended in an error; errors that are told again from memory are not runs. */
  runFailed(type: SourceType): void;
  /** Runs what answers a request about a repository; until then it counts as pending. */
  pending<T>(repo: string, run: () => Promise<T>): Promise<T>;
  /** How long a render waited for a free slot, seconds. */
  waited(seconds: number): void;
}

export function createRenderMetrics(metrics: Metrics): RenderMetrics {
  const total = metrics.counter({
    name: 'plumbline_render_total',
    help: 'Render requests by how they were answered.',
    labels: ['result'],
  });
  const duration = metrics.histogram({
    name: 'plumbline_render_duration_seconds',
    help: 'Duration of renders that were run, waiting for a free core included.',
    labels: ['type'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90],
  });
  const failedRuns = metrics.counter({
    name: 'plumbline_render_failed_runs_total',
    help: 'Renders that were run and failed.',
    labels: ['type'],
  });
  const waits = metrics.histogram({
    name: 'argocd_repo_parallelism_wait_duration_seconds',
    help: 'Time that renders waited for a free slot.',
    buckets: [0.1, 0.25, 0.5, 1, 2, 4, 10, 20],
  });
  const pending = new Map<string, number>();
  metrics.gauge({
    name: 'argocd_repo_pending_request_total',
    help: 'Requests about a repository that are being answered.',
    labels: ['repo'],
    collect: (gauge) => {
      gauge.reset();
      for (const [repo, count] of pending) gauge.set({ repo }, count);
    },
  });
  for (const result of ['rendered', 'cached', 'failed']) total.inc({ result }, 0);
  return {
    counted: (result) => total.inc({ result }),
    waited: (seconds) => waits.observe({}, seconds),
    pending: async (repo, run) => {
      pending.set(repo, (pending.get(repo) ?? 0) + 1);
      try {
        return await run();
      } finally {
        const left = (pending.get(repo) ?? 1) - 1;
        if (left > 0) pending.set(repo, left);
        else pending.delete(repo);
      }
    },
    runFailed: (type) => failedRuns.inc({ type }),
    took: (type, seconds) => duration.observe({ type }, seconds),
  };
}
