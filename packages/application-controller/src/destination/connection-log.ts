import type { LiveState } from '@plumbline/cluster';
import type { Metrics } from '@plumbline/telemetry';

/** The first and the longest wait after attempts that failed, ms. */
const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

interface Failed {
  identity: string;
  error: unknown;
  count: number;
  until: number;
}

/** What a cluster is shown as once it is connected. */
export interface Connected {
  name: string;
  server: string;
  /** For example `1.36.1`. */
  kubeVersion: string;
  live: Pick<LiveState, 'stats' | 'failures'>;
}

/**
 * How connections to clusters went: a cluster that does not answer is not tried again by each Application that goes there, but
 * with growing waits; and what the metrics say of clusters (reference §13.1).
 */
export class ConnectionLog {
  readonly #now: () => number;
  readonly #failed = new Map<string, Failed>();
  readonly #connected = new Map<string, Connected & { since: number }>();

  constructor(metrics: Metrics, now: () => number = Date.now) {
    this.#now = now;
    this.#register(metrics);
  }

  /** The error of the last attempt, while it is too early for another; another identity is another cluster. */
  refusal(server: string, identity: string): { error: unknown } | undefined {
    const failed = this.#failed.get(server);
    return failed?.identity === identity && this.#now() < failed.until ? { error: failed.error } : undefined;
  }

  failed(server: string, identity: string, error: unknown): void {
    const before = this.#failed.get(server);
    const count = before?.identity === identity ? before.count + 1 : 1;
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(count - 1, 10));
    this.#failed.set(server, { identity, error, count, until: this.#now() + wait });
    this.#connected.delete(server);
  }

  succeeded(connected: Connected): void {
    this.#failed.delete(connected.server);
    this.#connected.set(connected.server, { ...connected, since: this.#now() });
  }

  /** Nobody goes there any more. */
  forget(server: string): void {
    this.#failed.delete(server);
    this.#connected.delete(server);
  }

  #register(metrics: Metrics): void {
    const perCluster = (name: string, help: string, value: (cluster: Connected & { since: number }) => number) =>
      metrics.gauge({
        name,
        help,
        labels: ['server'],
        collect: (gauge) => {
          gauge.reset();
          for (const cluster of this.#connected.values()) gauge.set({ server: cluster.server }, value(cluster));
        },
      });
    perCluster('argocd_cluster_api_resources', 'Kinds that are watched', ({ live }) => live.stats().kinds);
    perCluster(
      'argocd_cluster_api_resource_objects',
      'Live objects that are known',
      ({ live }) => live.stats().objects,
    );
    perCluster(
      'argocd_cluster_cache_age_seconds',
      'Time since live objects were first listed',
      ({ since }) => (this.#now() - since) / 1_000,
    );
    metrics.gauge({
      name: 'argocd_cluster_info',
      help: 'Clusters that Applications go to',
      labels: ['server', 'k8s_version', 'name'],
      collect: (gauge) => {
        gauge.reset();
        for (const { server, kubeVersion, name } of this.#connected.values()) {
          gauge.set({ server, k8s_version: kubeVersion, name }, 1);
        }
      },
    });
    metrics.gauge({
      name: 'argocd_cluster_connection_status',
      help: 'Whether a cluster answers',
      labels: ['server', 'k8s_version'],
      collect: (gauge) => {
        gauge.reset();
        for (const server of this.#failed.keys()) gauge.set({ server, k8s_version: '' }, 0);
        for (const { server, kubeVersion, live } of this.#connected.values()) {
          gauge.set({ server, k8s_version: kubeVersion }, live.failures().size < live.stats().kinds ? 1 : 0);
        }
      },
    });
  }
}
