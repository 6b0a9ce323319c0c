import type { Application } from '@plumbline/apis';
import { type RequestFact, resourceOfPath } from '@plumbline/cluster';
import type { Counter, Histogram, Metrics } from '@plumbline/telemetry';
import type { Pass } from '../pass.ts';
import { type ApplicationFacts, identityOf, registerApplicationGauges } from './application-gauges.ts';

/** The controller's metrics (reference §13.1). */
export interface ControllerMetrics {
  reconcile: Histogram;
  syncTotal: Counter;
  syncDuration: Counter;
  /** Notes a request that was made for the Application. */
  requested(pass: Pick<Pass, 'app' | 'destination'>, fact: RequestFact): void;
  /** The Application is gone: nothing is told of it any more. */
  forget(app: Application): void;
  /** The settings may have changed. */
  adjust(): void;
  close(): void;
}

const identity = ['namespace', 'name', 'project'];

function createCounters(metrics: Metrics) {
  return {
    syncTotal: metrics.counter({
      name: 'argocd_app_sync_total',
      help: 'Completed syncs',
      labels: [...identity, 'dest_server', 'phase', 'dry_run'],
    }),
    syncDuration: metrics.counter({
      name: 'argocd_app_sync_duration_seconds_total',
      help: 'Time spent in completed syncs, seconds',
      labels: [...identity, 'dest_server'],
    }),
    requests: metrics.counter({
      name: 'argocd_app_k8s_request_total',
      help: 'Requests to Kubernetes API servers while Applications are synced',
      labels: [...identity, 'server', 'response_code', 'verb', 'resource_kind', 'resource_namespace', 'dry_run'],
    }),
  };
}

/** client-go's words for what a request does. */
function verbOf({ method, verb }: RequestFact): string {
  switch (method) {
    case 'POST':
      return 'Create';
    case 'PUT':
      return 'Update';
    case 'PATCH':
      return 'Patch';
    case 'DELETE':
      return 'Delete';
    default:
      return verb === 'list' ? 'List' : verb === 'watch' ? 'Watch' : 'Get';
  }
}

function requestLabels({ app, destination }: Pick<Pass, 'app' | 'destination'>, fact: RequestFact) {
  const { resource, namespace } = resourceOfPath(fact.path);
  // A cluster is called as it is declared, however it is reached.
  const declared = destination && destination.client.server === fact.server ? destination.server : fact.server;
  return {
    ...identityOf(app),
    server: declared,
    response_code: String(fact.status),
    verb: verbOf(fact),
    resource_kind: resource,
    resource_namespace: namespace,
    dry_run: String(fact.path.includes('dryRun=All')),
  };
}

/** Registers the metrics; Applications are read at scrape time. */
export function controllerMetrics(metrics: Metrics, facts: ApplicationFacts): ControllerMetrics {
  const { requests, ...counters } = createCounters(metrics);
  const all = [requests, counters.syncTotal, counters.syncDuration];
  const adjustGauges = registerApplicationGauges(metrics, facts);
  let expiration = 0;
  let timer: NodeJS.Timeout | undefined;
  const adjust = () => {
    adjustGauges();
    const { expirationMs } = facts.settings();
    if (expirationMs === expiration) return;
    expiration = expirationMs;
    clearInterval(timer);
    if (expirationMs > 0)
      timer = setInterval(() => all.forEach((counter) => void counter.reset()), expirationMs).unref();
  };
  adjust();
  return {
    ...counters,
    reconcile: metrics.histogram({
      name: 'argocd_app_reconcile',
      help: 'Duration of a pass over an Application, seconds',
      labels: ['namespace', 'dest_server'],
      buckets: [0.01, 0.05, 0.25, 0.5, 1, 2, 4, 8, 16],
    }),
    requested: (pass, fact) => {
      // Events are told of what was done; they are no part of it.
      const isEvent = resourceOfPath(fact.path).resource === 'events';
      if (!isEvent) requests.inc(requestLabels(pass, fact));
    },
    forget: ({ metadata }) => {
      const gone = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
      for (const counter of all) counter.forget(gone);
    },
    adjust,
    close: () => clearInterval(timer),
  };
}
