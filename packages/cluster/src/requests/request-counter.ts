import type { Metrics } from '@plumbline/telemetry';
import type { RequestCounts } from '../types.ts';
import { tellObserver } from './observe-requests.ts';
import type { RequestFact } from './request-fact.ts';
import { createRequestMetrics } from './request-metrics.ts';

/** Counts requests by verb: for the tests of hot paths, and as `plumbline_kube_requests_total{verb, code}`. */
export interface RequestCounter {
  /** One request was sent. */
  sent(verb: string): void;
  /** It was answered, or there was no answer. */
  answered(fact: RequestFact): void;
  counts(): RequestCounts;
}

export function createRequestCounter(metrics: Metrics | undefined): RequestCounter {
  const counts = new Map<string, number>();
  const metric = metrics?.counter({
    name: 'plumbline_kube_requests_total',
    help: 'Requests to Kubernetes API servers by verb and HTTP status (0 = no answer)',
    labels: ['verb', 'code'],
  });
  const note = metrics && createRequestMetrics(metrics);
  return {
    sent: (verb) => counts.set(verb, (counts.get(verb) ?? 0) + 1),
    answered: (fact) => {
      metric?.inc({ verb: fact.verb, code: String(fact.status) });
      note?.(fact);
      tellObserver(fact);
    },
    counts: () => Object.fromEntries(counts),
  };
}
