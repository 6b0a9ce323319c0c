import {
  connect,
  createLiveState,
  type KubeClient,
  type LiveChange,
  type LiveState,
  type SecretMask,
} from '@plumbline/cluster';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { assessHealth, changedKinds, createHealth, type Health, type HealthRule } from '@plumbline/health';
import { type TrackingOptions, trackedApplication } from '@plumbline/manifests';
import { clusterAccess, type DestinationCluster, type Settings } from '@plumbline/settings';
import type { Logger, Metrics } from '@plumbline/telemetry';
import { ClusterIdentity } from './cluster-identity.ts';
import { ConnectionLog } from './connection-log.ts';
import { isIgnoredUpdate } from './ignored-updates.ts';

/** A cluster that Applications deploy to, connected and watched. */
export interface Destination {
  name: string;
  server: string;
  client: KubeClient;
  live: LiveState;
  /** The namespaces that may be managed; empty is all of the cluster (reference §6, namespaced mode). */
  namespaces: readonly string[];
  /** With `namespaces`: whether cluster-scoped objects may be managed all the same. */
  clusterResources: boolean;
  /** For example `1.36.1`. */
  kubeVersion: string;
  /** The project that the cluster is declared for, where it is for one only. */
  clusterProject?: string | undefined;
}

export interface DestinationsOptions {
  /** The control plane's own cluster: the destination `in-cluster`. */
  control: KubeClient;
  settings: Settings;
  mask: SecretMask;
  logger: Logger;
  metrics: Metrics;
  onChange(change: LiveChange): void;
  /** Behind the address of a cluster there is another one now: what was known of it is forgotten. */
  onReplaced?(server: string): void;
}

/**
 * Connections to destination clusters, opened when first asked for and kept. A cluster that cannot be reached fails
 * only those who ask for it, and is tried again with growing waits.
 */
export class Destinations {
  readonly #options: DestinationsOptions;
  /** The users' rules of health, and when they are ready to judge. */
  #rules: { text: string; list: readonly HealthRule[]; ready: Promise<void> };
  #health: Health = { assess: assessHealth };
  readonly #open = new Map<string, { cluster: string; destination: Promise<Destination> }>();
  readonly #log: ConnectionLog;
  readonly #identities = new WeakMap<Destination, ClusterIdentity>();

  constructor(options: DestinationsOptions) {
    this.#options = options;
    this.#log = new ConnectionLog(options.metrics);
    this.#rules = this.#prepare(options.settings.current().healthRules);
  }

  /** Connects where needed and waits for the first full list of live objects. */
  get(cluster: DestinationCluster): Promise<Destination> {
    const identity = JSON.stringify(cluster);
    const known = this.#open.get(cluster.server);
    if (known?.cluster === identity) {
      void this.#checkIdentity(cluster.server, known.destination);
      return known.destination;
    }
    const refusal = this.#log.refusal(cluster.server, identity);
    if (refusal) return Promise.reject(refusal.error);
    if (known) this.#discard(known.destination);
    const destination = this.#connect(cluster);
    this.#open.set(cluster.server, { cluster: identity, destination });
    destination.then(
      (connected) => this.#log.succeeded(connected),
      (error: unknown) => {
        if (this.#open.get(cluster.server)?.destination !== destination) return;
        this.#open.delete(cluster.server);
        this.#log.failed(cluster.server, identity, error);
      },
    );
    return destination;
  }

  /** Destinations that are connected now. */
  async connected(): Promise<Destination[]> {
    const settled = await Promise.allSettled([...this.#open.values()].map(({ destination }) => destination));
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /** Lets go of clusters that are not declared any more: nobody can ask for them. */
  keepOnly(declared: readonly DestinationCluster[]): void {
    const servers = new Set(declared.map(({ server }) => server));
    for (const [server, { destination }] of [...this.#open]) {
      if (servers.has(server)) continue;
      this.#open.delete(server);
      this.#log.forget(server);
      this.#discard(destination);
    }
  }

  /** Drops every connection: the rules by which live objects are read have changed. */
  async reset(): Promise<void> {
    const all = await this.connected();
    this.#open.clear();
    await Promise.all(all.map((destination) => this.#close(destination)));
  }

  /** In the background: deletions are bound to uids, so that they do no harm in a cluster that is not recognised yet. */
  async #checkIdentity(server: string, connecting: Promise<Destination>): Promise<void> {
    // Who asked for the connection is told why it failed; then there is nothing to check.
    const destination = await connecting.catch(() => undefined);
    const identity = destination && this.#identities.get(destination);
    if (!(await identity?.isReplaced()) || this.#open.get(server)?.destination !== connecting) return;
    this.#options.logger.warn('another cluster answers at this address now: it is read anew', { server });
    this.#open.delete(server);
    this.#discard(connecting);
    this.#options.onReplaced?.(server);
  }

  #discard(destination: Promise<Destination>): void {
    const { logger } = this.#options;
    const failed = (error: unknown) => logger.warn('a cluster cannot be let go of', { error: errorMessage(error) });
    // One that never came to be has nothing to close.
    void destination.then(
      (open) => this.#close(open).catch(failed),
      () => {},
    );
  }

  async #close({ client, live }: Destination): Promise<void> {
    await live.close();
    if (client !== this.#options.control) await client.close();
  }

  /** Where the rules of health in the settings have changed: judges the kinds concerned again, on every cluster. */
  async assessAgain(): Promise<void> {
    const before = this.#rules;
    const { healthRules } = this.#options.settings.current();
    if (JSON.stringify(healthRules) === before.text) return;
    this.#rules = this.#prepare(healthRules);
    await this.#rules.ready;
    const changed = changedKinds(before.list, healthRules);
    for (const { live } of await this.connected()) live.assessAgain(changed);
  }

  #prepare(list: readonly HealthRule[]) {
    const text = JSON.stringify(list);
    const ready = createHealth(list).then(
      (health) => {
        if (this.#rules.text === text) this.#health = health;
      },
      (error: unknown) => {
        this.#options.logger.error('the rules of health are not in force', { error: errorMessage(error) });
      },
    );
    return { text, list, ready };
  }

  async #connect(cluster: DestinationCluster): Promise<Destination> {
    const { control, settings, mask, logger, metrics, onChange } = this.#options;
    const access = clusterAccess(cluster);
    let client = control;
    try {
      if (access) client = await connect(access, { logger, metrics });
      const version = await client.version();
      const identity = access ? await ClusterIdentity.of(client) : undefined;
      const tracking = trackingOptions(settings);
      await this.#rules.ready;
      const live = createLiveState({
        client,
        logger: logger.child({ server: cluster.server }),
        secretMask: mask,
        namespaces: cluster.namespaces,
        clusterResources: cluster.clusterResources,
        exclude: (kind) => settings.current().isExcluded(kind, cluster.server),
        trackingOf: (object) => trackedApplication(object, tracking),
        assess: (object) => this.#health.assess(object),
        respectRbac: settings.current().live.respectRbac,
        isIgnoredUpdate: (before, after) => isIgnoredUpdate(before, after, settings.current()),
        auditMs: settings.current().live.auditMs,
        shown: () => shownLabels(settings),
        metrics,
        metricsName: cluster.server,
      });
      live.onChange(onChange);
      await live.ready();
      const destination: Destination = {
        name: cluster.name,
        server: cluster.server,
        client,
        live,
        namespaces: cluster.namespaces,
        clusterResources: cluster.clusterResources,
        clusterProject: cluster.project,
        kubeVersion: version.gitVersion.replace(/^v/, ''),
      };
      if (identity) this.#identities.set(destination, identity);
      return destination;
    } catch (error) {
      if (client !== control) await client.close();
      throw new PlumblineError(
        'DESTINATION_UNREACHABLE',
        `cluster ${cluster.name} (${cluster.server}) cannot be reached: ${String((error as Error).message)}`,
        {
          retry: 'transient',
          cause: error,
          ...(error instanceof PlumblineError && error.hint ? { hint: error.hint } : {}),
        },
      );
    }
  }
}

/** How live objects say which Application they belong to (argocd-cm, reference §3.5). */
export function trackingOptions(settings: Settings): TrackingOptions {
  const { trackingMethod, instanceLabelKey, installationId } = settings.current();
  return { method: trackingMethod, instanceLabelKey, ...(installationId ? { installationId } : {}) };
}

function shownLabels(settings: Settings): { labels: readonly string[]; nodeLabels: readonly string[] } {
  const { customLabels, nodeLabels } = settings.current().live;
  return { labels: customLabels, nodeLabels };
}
