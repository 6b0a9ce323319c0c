import type { Metrics } from '@plumbline/telemetry';
import type { RequestCounts } from './types.ts';

/** Counts requests by verb: for the tests of hot paths, and as `plumbline_kube_requests_total{verb, code}`. */
export interface RequestCounter {
  /** One request was sent. */
  sent(verb: string): void;
  /** It was answered with the HTTP status; 0 = no answer. */
  answered(verb: string, status: number): void;
  counts(): RequestCounts;
}

export function createRequestCounter(metrics: Metrics | undefined): RequestCounter {
  const counts = new Map<string, number>();
  const metric = metrics?.counter({
    name: 'plumbline_kube_requests_total',
    help: 'Requests to Kubernetes API servers by verb and HTTP status (0 = no answer)',
    labels: ['verb', 'code'],
  });
  return {
    sent: (verb) => counts.set(verb, (counts.get(verb) ?? 0) + 1),
    answered: (verb, status) => metric?.inc({ verb, code: String(status) }),
    counts: () => Object.fromEntries(counts),
  };
}
