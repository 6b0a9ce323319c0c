import type { Logger, Metrics } from '@plumbline/telemetry';
import type { Queue } from 'bullmq';

const sampleMs = 5_000;

/** Samples how many items of a queue wait and run into `plumbline_queue_depth`. Returns what ends it. */
export function sampleDepth(queue: Queue, metrics: Metrics, logger: Logger): () => void {
  const gauge = metrics.gauge({
    name: 'plumbline_queue_depth',
    help: 'Work items in a queue, by state',
    labels: ['queue', 'state'],
  });
  const sample = async () => {
    try {
      const counts = await queue.getJobCounts('waiting', 'active');
      for (const [state, count] of Object.entries(counts)) gauge.set({ queue: queue.name, state }, count);
    } catch (error) {
      logger.debug('queue depth is unknown', { queue: queue.name, error });
    }
  };
  const timer = setInterval(() => void sample(), sampleMs).unref();
  return () => clearInterval(timer);
}
