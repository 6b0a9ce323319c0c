import { type Application, annotations, defaultProject } from '@plumbline/apis';
import type { KubeClient, LiveChange, SecretMask } from '@plumbline/cluster';
import { trackingName } from '@plumbline/manifests';
import type { RenderQueueRequest, RenderQueueResult } from '@plumbline/render';
import { type Settings, shareApplicationWatch, type WatchApplications } from '@plumbline/settings';
import type { Store, Worker } from '@plumbline/store';
import { type Logger, type Metrics, noTracing, type Tracing } from '@plumbline/telemetry';
import { AppRuntime } from './app-runtime.ts';
import { type ApplicationChange, ApplicationStore, applicationKey } from './application-store.ts';
import { forgetCluster, keyOfTracking } from './concerned-applications.ts';
import { keepClusterRecords } from './destination/cluster-records.ts';
import { Destinations } from './destination/destinations.ts';
import { isGlobal } from './destination/effective-project.ts';
import { permits, startInspectWorker, tree } from './inspect/inspect-worker.ts';
import { TreeSessions, type WholeTree } from './inspect/tree-sessions.ts';
import { levelOfChange } from './level-of-change.ts';
import { wakesOf } from './live-wakes.ts';
import { startMetrics } from './metrics/start-metrics.ts';
import { isSkipped, otherApplications } from './other-applications.ts';
import type { Pass } from './pass.ts';
import { KeyedQueue, type Level, levels } from './queue/keyed-queue.ts';
import { ProjectReleaser } from './release-project.ts';
import { createSteps, liveSettingsKey, type Steps } from './steps.ts';
import { SummaryWatch } from './summary-watch.ts';
import { createRenderClient } from './target/render-client.ts';
import { effectiveSources, TargetLoader } from './target/target-state.ts';
import { tracedPass } from './traced-pass.ts';

/** What the controller works with: connections and settings, made by `main` or by a composition root. */
export interface ControllerParts {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  store: Store;
  /** The key of the store's seal: receipts are checked with it. */
  sealKey: Buffer;
  mask: SecretMask;
  settings: Settings;
  /** A watch that others of this process share; default: one of its own. */
  watchApplications?: WatchApplications;
  logger: Logger;
  metrics: Metrics;
  /** Default: none. */
  tracing?: Tracing;
}

export interface ApplicationController {
  close(): Promise<void>;
}

/** Starts reconciling; resolves when every Application is known and queued. */
export async function runController(parts: ControllerParts): Promise<ApplicationController> {
  const controller = new Controller(parts);
  await controller.start();
  return controller;
}

const inspectConcurrency = 16;
/**
 * A pass mostly waits, for Git or for the API server: many at once, so that those that wait for a repository that does
 * not answer hold nobody else up. What they ask for is limited where it costs: connections, renders.
 */
const passesPerProcessor = 8;

class Controller implements ApplicationController {
  readonly #parts: ControllerParts;
  readonly #runtimes = new Map<string, AppRuntime>();
  readonly #applications: ApplicationStore;
  readonly #releaser: ProjectReleaser;
  readonly #queue: KeyedQueue;
  readonly #destinations: Destinations;
  readonly #steps: Steps;
  readonly #metrics: ReturnType<typeof startMetrics>;
  readonly #trees: TreeSessions;
  readonly #summaries: SummaryWatch;
  readonly #ended = new AbortController();
  #liveSettings: string;
  #inspect: Worker | undefined;
  #stopSettings: (() => void) | undefined;
  #stopRecords: (() => Promise<void>) | undefined;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#liveSettings = liveSettingsKey(parts);
    const { client, namespace, logger, settings, mask, metrics, store, sealKey } = parts;
    this.#applications = new ApplicationStore({
      client,
      namespace,
      watchApplications:
        parts.watchApplications ?? shareApplicationWatch({ client, namespace, settings, signal: this.#ended.signal }),
      logger,
      onApplication: (change) => this.#applicationChanged(change),
      onProject: (name) => this.#projectChanged(name),
    });
    const [applications, runtimes] = [this.#applications, this.#runtimes];
    this.#metrics = startMetrics({ metrics, settings, applications, runtimes, queue: () => this.#queue });
    this.#releaser = new ProjectReleaser({ client, namespace, applications, logger });
    this.#queue = new KeyedQueue({
      concurrency: settings.current().controller.statusProcessors * passesPerProcessor,
      logger,
      reconcile: (key, level) => this.#reconcile(key, level),
      observer: this.#metrics.passes.observer,
    });
    this.#destinations = new Destinations({
      control: client,
      settings,
      mask,
      logger,
      metrics,
      onChange: (change) => this.#liveChanged(change),
      onReplaced: (server) => {
        for (const key of forgetCluster(server, runtimes)) this.#queue.add(key, levels.compare);
      },
    });
    this.#summaries = new SummaryWatch({ runtimes, wake: (key, level, ms) => this.#queue.addAfter(key, level, ms) });
    this.#trees = new TreeSessions({ pubsub: store.pubsub, whole: (key) => this.#wholeTree(key), logger });
    const queue = store.queue<RenderQueueRequest, RenderQueueResult>('render');
    const loader = new TargetLoader({
      client: createRenderClient({ queue }),
      sealed: store.sealed,
      sealKey,
      mask,
      signatures: () => settings.current().signatures,
    });
    this.#steps = createSteps({
      ...parts,
      applications,
      destinations: this.#destinations,
      loader,
      metrics: this.#metrics,
      others: otherApplications({
        applications,
        runtimes,
        refresh: (key) => this.#queue.addAfter(key, levels.refresh, 0),
      }),
    });
  }

  async start(): Promise<void> {
    this.#stopSettings = this.#parts.settings.onChange(() => void this.#settingsChanged());
    await this.#applications.start();
    this.#releaser.start();
    await this.#trees.start();
    const { store, logger } = this.#parts;
    this.#stopRecords = await keepClusterRecords({ store, connected: () => this.#destinations.connected(), logger });
    this.#inspect = startInspectWorker({
      store: this.#parts.store,
      look: (key, until) => this.#look(key, until),
      probe: (app) => this.#probe(app),
      render: (pass, request) => this.#steps.render(pass, request),
      plan: (pass, operation) => this.#steps.plan(pass, operation),
      compare: (pass, manifests) => this.#steps.compareManifests(pass, manifests),
      concurrency: inspectConcurrency,
      hide: () => ({ annotations: this.#parts.settings.current().sensitiveAnnotations }),
    });
  }

  async close(): Promise<void> {
    this.#stopSettings?.();
    this.#metrics.close();
    this.#applications.close();
    this.#ended.abort();
    await this.#stopRecords?.();
    this.#summaries.close();
    await this.#trees.close();
    await this.#inspect?.close();
    await this.#queue.close();
    await this.#destinations.reset();
  }

  async #reconcile(key: string, level: Level): Promise<void> {
    const app = this.#applications.get(key);
    if (!app) {
      this.#runtimes.delete(key);
      return;
    }
    if (isSkipped(app)) return;
    const started = performance.now();
    const pass = this.#newPass(
      app,
      app.metadata.annotations?.[annotations.refresh] === undefined ? level : levels.force,
    );
    await tracedPass(pass, this.#parts.tracing ?? noTracing, () => this.#steps.run(pass));
    this.#trees.onPass(key);
    for (const { level: next, ms } of pass.later) this.#queue.addAfter(key, next, ms);
    const labels = { namespace: app.metadata.namespace ?? '', dest_server: pass.destination?.server ?? '' };
    this.#metrics.reconcile.observe(labels, (performance.now() - started) / 1000);
  }

  /** A pass for somebody who looks: nothing is written, nothing is planned. */
  async #look(key: string, until: 'destination' | 'comparison'): Promise<Pass | undefined> {
    const app = this.#applications.get(key);
    if (!app) return undefined;
    const pass = this.#newPass(app, levels.compare);
    await this.#steps.look(pass, until);
    return pass;
  }

  async #wholeTree(key: string): Promise<WholeTree | undefined> {
    const pass = await this.#look(key, 'comparison');
    if (!pass?.destination) return undefined;
    const { application, project, destination } = pass;
    const orphans = project?.spec.orphanedResources !== undefined;
    return { application, tree: tree(pass), live: destination.live, permits: permits(pass), orphans };
  }

  /** A pass over an Application that somebody thinks of storing: nothing of it is remembered. */
  async #probe(app: Application): Promise<Pass> {
    const pass = this.#newPass(app, levels.compare, new AppRuntime());
    await this.#steps.look(pass, 'destination');
    return pass;
  }

  #newPass(app: Application, level: Level, runtime = this.#runtime(applicationKey(app))): Pass {
    const { namespace: controlNamespace, logger } = this.#parts;
    const [appNamespace, appName] = [app.metadata.namespace ?? '', app.metadata.name ?? ''];
    const key = `${appNamespace}/${appName}`;
    let lines: Logger | undefined;
    return {
      key,
      app,
      level,
      runtime,
      get logger() {
        lines ??= logger.child({ application: key });
        return lines;
      },
      startedAt: new Date(),
      steady: () => performance.now(),
      application: trackingName({ appNamespace, appName, controlNamespace }),
      exists: (application) => this.#applications.get(keyOfTracking(application, controlNamespace)) !== undefined,
      sources: effectiveSources(app),
      project: undefined,
      destination: undefined,
      facts: undefined,
      rules: { ignoreDifferences: [], ignoreStatus: 'all' },
      target: undefined,
      comparison: undefined,
      refreshed: false,
      findings: [],
      operationState: app.status?.operationState,
      operation: app.operation,
      history: undefined,
      later: [],
    };
  }

  #runtime(key: string): AppRuntime {
    const known = this.#runtimes.get(key);
    if (known) return known;
    const runtime = new AppRuntime();
    this.#runtimes.set(key, runtime);
    return runtime;
  }

  #applicationChanged({ key, before, after }: ApplicationChange): void {
    this.#releaser.applicationChanged(before, after);
    if (!after) {
      if (before) this.#metrics.forget(before);
      this.#runtimes.delete(key);
      this.#queue.forget(key);
      return;
    }
    const level = levelOfChange(before, after);
    if (level !== undefined) this.#queue.add(key, level);
  }

  #projectChanged(name: string): void {
    this.#releaser.projectChanged(name);
    this.#metrics.passes.projectSeen();
    const concernsAll = isGlobal(name, this.#parts.settings);
    for (const app of this.#applications.list()) {
      if (!concernsAll && (app.spec.project || defaultProject) !== name) continue;
      this.#queue.add(applicationKey(app), levels.compare);
    }
  }

  #liveChanged(change: LiveChange): void {
    const keys = [...change.applications].map((application) => keyOfTracking(application, this.#parts.namespace));
    this.#trees.onLive(keys, change);
    this.#summaries.onLive(keys, change);
    for (const { key, level, ms } of wakesOf(change, keys, this.#applications)) {
      if (ms > 0) this.#queue.addAfter(key, level, ms);
      else this.#queue.add(key, level);
    }
  }

  async #settingsChanged(): Promise<void> {
    this.#metrics.adjust();
    this.#destinations.keepOnly(this.#parts.settings.clusters());
    const live = liveSettingsKey(this.#parts);
    if (live !== this.#liveSettings) {
      this.#liveSettings = live;
      await this.#destinations.reset();
      for (const runtime of this.#runtimes.values()) runtime.comparer.clear();
    }
    await this.#destinations.assessAgain();
    for (const app of this.#applications.list()) this.#queue.add(applicationKey(app), levels.compare);
  }
}
