import type { Metrics } from '@plumbline/telemetry';
import type { QueueObserver } from '../queue/keyed-queue.ts';

/** Names of Argo CD's queues. */
export type QueueName = 'app_reconciliation_queue' | 'app_operation_processing_queue' | 'project_reconciliation_queue';

const durationBuckets = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

export interface QueueMetricsOptions {
  /** The queue of Argo CD that a pass over the key would be in. */
  nameOf(key: string): QueueName;
  /** Keys that wait. */
  waiting(): Iterable<string>;
}

/** The metrics of client-go's work queues, `workqueue_*` (reference §13.1), of one queue that does the work of several. */
export function createQueueMetrics(metrics: Metrics, { nameOf, waiting }: QueueMetricsOptions) {
  const labels = ['name'];
  const counter = (name: string, help: string) => metrics.counter({ name, help, labels });
  const histogram = (name: string, help: string) => metrics.histogram({ name, help, labels, buckets: durationBuckets });
  const adds = counter('workqueue_adds_total', 'Keys that were queued');
  const retries = counter('workqueue_retries_total', 'Passes that failed and are repeated');
  const waited = histogram('workqueue_queue_duration_seconds', 'Time that keys waited for their turn');
  const worked = histogram('workqueue_work_duration_seconds', 'Time that passes took');
  const running = new Map<string, { name: QueueName; since: number }>();
  const queued = new Map<string, number>();
  const ages = (): Map<QueueName, number[]> => {
    const found = new Map<QueueName, number[]>();
    const now = performance.now();
    for (const { name, since } of running.values()) found.set(name, [...(found.get(name) ?? []), (now - since) / 1000]);
    return found;
  };
  registerGauges(metrics, { nameOf, waiting, ages });
  const observer: QueueObserver = {
    queued: (key) => {
      adds.inc({ name: nameOf(key) });
      queued.set(key, performance.now());
    },
    began: (key) => {
      const name = nameOf(key);
      const now = performance.now();
      waited.observe({ name }, (now - (queued.get(key) ?? now)) / 1000);
      queued.delete(key);
      running.set(key, { name, since: now });
    },
    ended: (key, failed) => {
      const pass = running.get(key);
      running.delete(key);
      if (!pass) return;
      worked.observe({ name: pass.name }, (performance.now() - pass.since) / 1000);
      if (failed) retries.inc({ name: pass.name });
    },
  };
  return { observer, projectSeen: () => adds.inc({ name: 'project_reconciliation_queue' }) };
}

interface GaugeOptions extends QueueMetricsOptions {
  /** Seconds that each running pass has taken. */
  ages(): ReadonlyMap<QueueName, readonly number[]>;
}

const queueNames: readonly QueueName[] = [
  'app_reconciliation_queue',
  'app_operation_processing_queue',
  'project_reconciliation_queue',
];

function registerGauges(metrics: Metrics, { nameOf, waiting, ages }: GaugeOptions): void {
  const labels = ['name'];
  metrics.gauge({
    name: 'workqueue_depth',
    help: 'Keys that wait for their turn',
    labels,
    collect: (gauge) => {
      const depths = new Map<QueueName, number>();
      for (const key of waiting()) depths.set(nameOf(key), (depths.get(nameOf(key)) ?? 0) + 1);
      // Projects are looked at as soon as they change: none waits.
      for (const name of queueNames) gauge.set({ name }, depths.get(name) ?? 0);
    },
  });
  const perQueue = (name: string, help: string, value: (ages: readonly number[]) => number) =>
    metrics.gauge({
      name,
      help,
      labels,
      collect: (gauge) => {
        const known = ages();
        for (const queue of queueNames) gauge.set({ name: queue }, value(known.get(queue) ?? []));
      },
    });
  perQueue('workqueue_unfinished_work_seconds', 'Time that the running passes have taken together', (all) =>
    all.reduce((sum, age) => sum + age, 0),
  );
  perQueue(
    'workqueue_longest_running_processor_seconds',
    'Time that the longest of the running passes has taken',
    (all) => all.reduce((most, age) => Math.max(most, age), 0),
  );
}
