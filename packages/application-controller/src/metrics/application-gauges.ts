import { type Application, defaultProject, normalizeRepoURL } from '@plumbline/apis';
import { redact } from '@plumbline/errors';
import type { ControllerMetricsSettings } from '@plumbline/settings';
import type { Gauge, Labels, Metrics } from '@plumbline/telemetry';
import { createLabelGauge } from './label-gauge.ts';

/** What is known of Applications when metrics are read. */
export interface ApplicationFacts {
  applications(): readonly Application[];
  /** URL of the cluster that the Application goes to; '' where it cannot be told. */
  serverOf(app: Application): string;
  /** Orphans in the namespace of the Application; undefined before the first comparison. */
  orphansOf(app: Application): number | undefined;
  settings(): ControllerMetricsSettings;
}

const identityLabels = ['namespace', 'name', 'project'];

/** The labels that say which Application a series is about. */
export function identityOf({ metadata, spec }: Application): Labels {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '', project: spec.project || defaultProject };
}

/** Gauges of Applications (reference §13.1), read at each scrape: what is gone is not told. Returns what a change of the settings calls. */
export function registerApplicationGauges(metrics: Metrics, facts: ApplicationFacts): () => void {
  metrics.gauge({
    name: 'argocd_app_info',
    help: 'Applications and their state',
    labels: [
      ...identityLabels,
      'autosync_enabled',
      'repo',
      'dest_server',
      'dest_namespace',
      'sync_status',
      'health_status',
      'operation',
    ],
    collect: (gauge) => {
      gauge.reset();
      for (const app of facts.applications()) gauge.set(infoOf(app, facts.serverOf(app)), 1);
    },
  });
  metrics.gauge({
    name: 'argocd_app_condition',
    help: 'Conditions of Applications, by type',
    labels: [...identityLabels, 'condition'],
    collect: (gauge) => collectConditions(gauge, facts),
  });
  metrics.gauge({
    name: 'argocd_app_orphaned_resources_count',
    help: 'Objects in the namespaces of Applications that no Application manages',
    labels: identityLabels,
    collect: (gauge) => {
      gauge.reset();
      for (const app of facts.applications()) {
        const count = facts.orphansOf(app);
        if (count !== undefined) gauge.set(identityOf(app), count);
      }
    },
  });
  const labels = createLabelGauge(metrics, {
    name: 'argocd_app_labels',
    help: 'Labels of Applications',
    fixed: identityLabels,
    series: () => facts.applications().map((app) => ({ of: identityOf(app), labels: app.metadata.labels ?? {} })),
  });
  const adjust = () => labels.show(facts.settings().applicationLabels);
  adjust();
  return adjust;
}

function operationOf({ metadata, operation }: Application): string {
  if (metadata.deletionTimestamp) return 'delete';
  return operation ? 'sync' : '';
}

function infoOf(app: Application, server: string): Labels {
  const { spec, status } = app;
  const { syncPolicy, source = spec.sources?.[0], destination } = spec;
  const automated = syncPolicy?.automated;
  return {
    ...identityOf(app),
    autosync_enabled: String(Boolean(automated) && automated?.enabled !== false),
    repo: redact(normalizeRepoURL(source?.repoURL ?? '')),
    dest_server: server,
    dest_namespace: destination.namespace ?? '',
    sync_status: status?.sync?.status || 'Unknown',
    health_status: status?.health?.status || 'Unknown',
    operation: operationOf(app),
  };
}

function collectConditions(gauge: Gauge, { applications, settings }: ApplicationFacts): void {
  const wanted = settings().applicationConditions;
  gauge.reset();
  for (const app of applications()) {
    const counts = new Map<string, number>();
    for (const { type } of app.status?.conditions ?? []) counts.set(type, (counts.get(type) ?? 0) + 1);
    for (const [condition, count] of counts) {
      if (wanted.length === 0 || wanted.includes(condition)) gauge.set({ ...identityOf(app), condition }, count);
    }
  }
}
