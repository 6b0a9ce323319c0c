import type { Application } from '@plumbline/apis';
import type { Settings } from '@plumbline/settings';
import type { Metrics } from '@plumbline/telemetry';
import type { AppRuntime } from '../app-runtime.ts';
import { type ApplicationStore, applicationKey } from '../application-store.ts';
import type { KeyedQueue } from '../queue/keyed-queue.ts';
import { controllerMetrics } from './controller-metrics.ts';
import { createLabelGauge } from './label-gauge.ts';
import { createQueueMetrics } from './queue-metrics.ts';

export interface MetricsParts {
  metrics: Metrics;
  settings: Settings;
  applications: ApplicationStore;
  runtimes: ReadonlyMap<string, AppRuntime>;
  /** Asked when metrics are read. */
  queue(): KeyedQueue;
}

/** URL of the destination cluster; as it is written where it cannot be resolved. */
function serverOf(settings: Settings, { spec: { destination } }: Application): string {
  try {
    return settings.resolveDestination(destination).server;
  } catch {
    return destination.server || destination.name || '';
  }
}

/** Registers everything that the controller tells about itself (reference §13.1). */
export function startMetrics({ metrics, settings, applications, runtimes, queue }: MetricsParts) {
  const own = controllerMetrics(metrics, {
    applications: () => applications.list(),
    serverOf: (app) => serverOf(settings, app),
    orphansOf: (app) => runtimes.get(applicationKey(app))?.orphans,
    settings: () => settings.current().controller.metrics,
  });
  const passes = createQueueMetrics(metrics, {
    nameOf: (key) => (applications.get(key)?.operation ? 'app_operation_processing_queue' : 'app_reconciliation_queue'),
    waiting: () => queue().waiting(),
  });
  const clusterLabels = createLabelGauge(metrics, {
    name: 'argocd_cluster_labels',
    help: 'Labels of declared clusters',
    fixed: ['server', 'name'],
    series: () => settings.clusters().map(({ server, name, labels }) => ({ of: { server, name }, labels })),
  });
  const adjust = () => {
    own.adjust();
    clusterLabels.show(settings.current().controller.metrics.clusterLabels);
  };
  adjust();
  return { ...own, adjust, passes };
}
