import type { Application } from '@plumbline/apis';
import type { Counter, Gauge, Histogram, Metrics } from '@plumbline/telemetry';

/** The controller's metrics (reference §13.1). */
export interface ControllerMetrics {
  reconcile: Histogram;
  syncTotal: Counter;
  syncDuration: Counter;
}

/** Registers the metrics; Applications are read at scrape time. */
export function controllerMetrics(
  metrics: Metrics,
  applications: () => readonly Application[],
  depth: () => number,
): ControllerMetrics {
  metrics.gauge({
    name: 'argocd_app_info',
    help: 'Applications and their state',
    labels: [
      'namespace',
      'name',
      'project',
      'autosync_enabled',
      'repo',
      'dest_server',
      'dest_namespace',
      'sync_status',
      'health_status',
      'operation',
    ],
    collect: (gauge) => collectInfo(gauge, applications()),
  });
  metrics.gauge({
    name: 'argocd_app_condition',
    help: 'Conditions of Applications',
    labels: ['namespace', 'name', 'project', 'condition'],
    collect: (gauge) => collectConditions(gauge, applications()),
  });
  metrics.gauge({
    name: 'workqueue_depth',
    help: 'Keys that wait for their turn',
    labels: ['name'],
    collect: (gauge) => gauge.set({ name: 'app_reconciliation_queue' }, depth()),
  });
  return {
    reconcile: metrics.histogram({
      name: 'argocd_app_reconcile',
      help: 'Duration of a pass over an Application, seconds',
      labels: ['namespace', 'dest_server'],
      buckets: [0.01, 0.05, 0.25, 0.5, 1, 2, 4, 8, 16],
    }),
    syncTotal: metrics.counter({
      name: 'argocd_app_sync_total',
      help: 'Completed syncs',
      labels: ['namespace', 'name', 'project', 'dest_server', 'phase', 'dry_run'],
    }),
    syncDuration: metrics.counter({
      name: 'argocd_app_sync_duration_seconds_total',
      help: 'Time spent in completed syncs, seconds',
      labels: ['namespace', 'name', 'project', 'dest_server'],
    }),
  };
}

function identity(app: Application): { namespace: string; name: string; project: string } {
  return {
    namespace: app.metadata.namespace ?? '',
    name: app.metadata.name ?? '',
    project: app.spec.project || 'default',
  };
}

function collectInfo(gauge: Gauge, applications: readonly Application[]): void {
  gauge.reset();
  for (const app of applications) {
    const automated = app.spec.syncPolicy?.automated;
    const source = app.spec.source ?? app.spec.sources?.[0];
    gauge.set(
      {
        ...identity(app),
        autosync_enabled: String(Boolean(automated) && automated?.enabled !== false),
        repo: source?.repoURL ?? '',
        dest_server: app.spec.destination.server ?? app.spec.destination.name ?? '',
        dest_namespace: app.spec.destination.namespace ?? '',
        sync_status: app.status?.sync?.status ?? 'Unknown',
        health_status: app.status?.health?.status ?? 'Unknown',
        operation: app.operation ? 'sync' : '',
      },
      1,
    );
  }
}

function collectConditions(gauge: Gauge, applications: readonly Application[]): void {
  gauge.reset();
  for (const app of applications) {
    for (const condition of app.status?.conditions ?? []) {
      gauge.set({ ...identity(app), condition: condition.type }, 1);
    }
  }
}
