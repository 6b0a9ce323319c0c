import { hostname } from 'node:os';
import type { Metrics } from '@plumbline/telemetry';
import type { RequestFact } from './request-fact.ts';

const sizeBuckets = [64, 256, 512, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216];
const durationBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
/** Requests of ours that Argo CD has kubectl do. */
const kubectlCommands: ReadonlySet<string> = new Set(['apply', 'create', 'replace', 'patch', 'delete']);

function registerSeries(metrics: Metrics) {
  const labels = ['host', 'method'];
  return {
    total: metrics.counter({
      name: 'argocd_kubectl_requests_total',
      help: 'Requests to Kubernetes API servers',
      labels: [...labels, 'code'],
    }),
    retries: metrics.counter({
      name: 'argocd_kubectl_request_retries_total',
      help: 'Requests to Kubernetes API servers that were sent again',
      labels: [...labels, 'code'],
    }),
    duration: metrics.histogram({
      name: 'argocd_kubectl_request_duration_seconds',
      help: 'Duration of requests to Kubernetes API servers',
      labels,
      buckets: durationBuckets,
    }),
    requestSize: metrics.histogram({
      name: 'argocd_kubectl_request_size_bytes',
      help: 'Size of the bodies of requests to Kubernetes API servers',
      labels,
      buckets: sizeBuckets,
    }),
    responseSize: metrics.histogram({
      name: 'argocd_kubectl_response_size_bytes',
      help: 'Size of the answers of Kubernetes API servers',
      labels,
      buckets: sizeBuckets,
    }),
    writes: metrics.counter({
      name: 'argocd_kubectl_exec_total',
      help: 'Writes to destination clusters',
      labels: ['hostname', 'command'],
    }),
  };
}

/** Notes requests under Argo CD's names (reference §13.1, `argocd_kubectl_*`); watches have no duration. */
export function createRequestMetrics(metrics: Metrics): (fact: RequestFact) => void {
  const series = registerSeries(metrics);
  const self = hostname();
  return ({ server, method, verb, status, seconds, requestBytes, responseBytes, again }) => {
    const of = { host: hostOf(server), method };
    const code = status === 0 ? '<error>' : String(status);
    series.total.inc({ ...of, code });
    if (again) series.retries.inc({ ...of, code });
    if (verb === 'watch') return;
    series.duration.observe(of, seconds);
    series.requestSize.observe(of, requestBytes);
    series.responseSize.observe(of, responseBytes);
    if (kubectlCommands.has(verb)) series.writes.inc({ hostname: self, command: verb });
  };
}

const hosts = new Map<string, string>();

function hostOf(server: string): string {
  const known = hosts.get(server);
  if (known !== undefined) return known;
  const host = URL.canParse(server) ? new URL(server).host : server;
  hosts.set(server, host);
  return host;
}
