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
  for (const result of ['rendered', 'cached', 'failed']) total.inc({ result }, 0);
  return {
    counted: (result) => total.inc({ result }),
    runFailed: (type) => failedRuns.inc({ type }),
    took: (type, seconds) => duration.observe({ type }, seconds),
  };
}
