import { type Application, type ApplicationStatus, type AppProject, applicationApiVersion } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { watchApplicationNamespaces } from '@plumbline/settings';
import { silentLogger } from '@plumbline/telemetry';
import { AppRuntime } from '../app-runtime.ts';
import { type ApplicationChange, ApplicationStore } from '../application-store.ts';
import { LiveReader } from '../compare/live-reader.ts';
import type { DeletionOptions } from '../deletion/deletion-stage.ts';
import type { OtherApplications } from '../operation/hand-over.ts';
import type { HoldRule } from '../operation/hold.ts';
import { type PlanStore, planStore } from '../operation/plan-store.ts';
import type { Pass } from '../pass.ts';
import { type Level, levels } from '../queue/keyed-queue.ts';
import { autoSync } from '../steps/auto-sync.ts';
import { compare } from '../steps/compare.ts';
import { healPinned } from '../steps/heal-pinned.ts';
import { loadTarget } from '../steps/load-target.ts';
import type { OperateOptions } from '../steps/operate-options.ts';
import { remove } from '../steps/remove.ts';
import { persistOperation } from '../steps/report.ts';
import { reconcile } from '../steps.ts';
import { effectiveSources, TargetLoader } from '../target/target-state.ts';
import { mask, shop } from './builders.ts';
import { MemoryCluster } from './memory-cluster.ts';
import { MemoryLive, tracking } from './memory-live.ts';
import { MemoryRepository, sealKey } from './repository.ts';
import { testSettings } from './settings.ts';

const ref = { apiVersion: applicationApiVersion, kind: 'Application', namespace: 'argocd', name: 'shop' };

/**
 * The steps of the controller over one Application, `shop`, with ports in memory: a cluster that is both control plane
 * and destination, a repository, and a clock that stands still until it is set.
 */
export class Engine {
  readonly cluster = new MemoryCluster();
  readonly live = new MemoryLive(this.cluster, mask);
  readonly repository: MemoryRepository;
  readonly store: ApplicationStore;
  readonly loader: TargetLoader;
  readonly reader = new LiveReader(mask);
  /** What Redis keeps: it survives {@link restart}. */
  readonly plans: PlanStore;
  settings = testSettings();
  runtime = new AppRuntime();
  project: AppProject | undefined;
  holds: HoldRule[] = [];
  /** Other Applications that the controller knows. */
  others: OtherApplications = { runtimes: () => [], refresh: () => {} };
  /** Whether there is an Application of a tracking name. */
  knows: (application: string) => boolean = () => true;
  syncTimeoutMs = 0;
  now = Date.parse('2026-01-01T00:00:00Z');
  /** How far the clock has been set ahead while time went by as ever, ms. */
  setAhead = 0;
  /** What the controller was told of the Application by its watch. */
  readonly changes: ApplicationChange[] = [];
  /** Phases of operations that are over for good. */
  readonly finished: string[] = [];

  constructor({ app = shop(), objects = [] }: { app?: Application; objects?: KubeObject[] } = {}) {
    this.repository = new MemoryRepository(objects);
    this.loader = new TargetLoader({ client: this.repository, sealed: this.repository.cache, sealKey, mask });
    this.plans = planStore({ sealed: this.repository.cache });
    this.cluster.put(app as unknown as KubeObject);
    const client = this.cluster;
    const [namespace, settings] = ['argocd', testSettings()];
    this.store = new ApplicationStore({
      client,
      watchApplications: (listener) => watchApplicationNamespaces({ client, namespace, settings, ...listener }),
      namespace,
      logger: silentLogger,
      onApplication: (change) => this.changes.push(change),
      onProject: () => {},
    });
  }

  /** What the clock shows, ms since the epoch. */
  wall(): number {
    return this.now + this.setAhead;
  }

  /** The Application as the control plane holds it. */
  get app(): Application {
    const found = [...this.cluster.objects.values()].find(({ kind }) => kind === 'Application');
    return found as unknown as Application;
  }

  get status(): ApplicationStatus {
    return this.app.status ?? {};
  }

  get operationState() {
    return this.status.operationState;
  }

  /** Results of the operation: `{a: 'Synced'}`. */
  get results(): Record<string, string | undefined> {
    const results = this.operationState?.syncResult?.resources ?? [];
    return Object.fromEntries(results.map(({ name, status }) => [name, status]));
  }

  /** Changes the Application as a user does. */
  async edit(patch: Record<string, unknown>): Promise<void> {
    await this.cluster.patch(ref, patch, { type: 'merge' });
    this.cluster.log.pop();
  }

  /** Asks for a sync as the API server does. */
  async sync(sync: object = {}, more: object = {}): Promise<void> {
    await this.edit({ operation: { sync, ...more }, status: { operationState: null } });
  }

  /** Forgets everything that is in memory only. */
  restart(): void {
    this.runtime = new AppRuntime();
  }

  newPass(level: Level = levels.compare): Pass {
    const app = this.store.get('argocd/shop') ?? this.app;
    const { cluster, live } = this;
    return {
      key: 'argocd/shop',
      app,
      level,
      runtime: this.runtime,
      logger: silentLogger,
      startedAt: new Date(this.wall()),
      steady: () => this.now,
      application: 'shop',
      exists: this.knows,
      sources: effectiveSources(app),
      project: this.project,
      destination: {
        name: 'in-cluster',
        server: cluster.server,
        client: cluster,
        live,
        namespaces: [],
        clusterResources: false,
        kubeVersion: '1.36.1',
      },
      facts: {
        application: 'shop',
        tracking,
        namespace: 'web',
        scopeOf: async (kind) => (await cluster.discovery.find(kind))?.namespaced,
      },
      rules: { ignoreDifferences: app.spec.ignoreDifferences ?? [], ignoreStatus: 'all' },
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

  /** A pass from the target on, as the controller makes it. */
  async pass(level: Level = levels.compare): Promise<Pass> {
    const pass = this.newPass(level);
    await this.#reconcile(pass);
    return pass;
  }

  /** A pass over the Application that is being deleted. */
  async going(): Promise<Pass> {
    const pass = this.newPass();
    await remove(pass, {
      find: async () => undefined,
      deleting: this.deletionOptions(),
      operating: this.operateOptions(),
      reporting: { client: this.cluster, store: this.store, controlNamespace: 'argocd' },
      goOn: (pass) => this.#reconcile(pass),
    });
    return pass;
  }

  async #reconcile(pass: Pass): Promise<void> {
    const clock = () => this.wall();
    const comparing = compare(this.reader);
    const reporting = { client: this.cluster, store: this.store, controlNamespace: 'argocd' };
    await reconcile(pass, {
      // As the real one: where something is wrong already, nothing is looked at.
      begin: async ({ findings }) => (findings.length > 0 ? 'stop' : undefined),
      look: [loadTarget({ loader: this.loader, refreshIntervalMs: () => 120_000, clock }), comparing],
      compare: comparing,
      automate: async (pass) => {
        await autoSync(this.settings, clock)(pass);
        return healPinned({ loader: this.loader, reader: this.reader, settings: this.settings, clock })(pass);
      },
      operating: this.operateOptions(),
      reporting,
    });
  }

  deletionOptions(): DeletionOptions {
    const { cluster, loader } = this;
    const clock = () => this.wall();
    return {
      client: cluster,
      mask,
      loader,
      loadTarget: loadTarget({ loader, refreshIntervalMs: () => 120_000, clock }),
      clock,
      gate: { settings: this.settings, others: this.others, clock },
    };
  }

  operateOptions(): OperateOptions {
    return {
      loader: this.loader,
      mask,
      reader: this.reader,
      clock: () => this.wall(),
      waveDelayMs: () => 0,
      holds: this.holds,
      others: this.others,
      syncTimeoutMs: () => this.syncTimeoutMs,
      persist: async (pass) => {
        this.cluster.log.push('persist');
        await persistOperation(pass, { client: this.cluster, store: this.store, controlNamespace: 'argocd' });
      },
      onFinished: (_pass, { phase }) => this.finished.push(phase),
    };
  }
}

/** An engine whose controller knows the Application. */
export async function startEngine(options: { app?: Application; objects?: KubeObject[] } = {}): Promise<Engine> {
  const engine = new Engine(options);
  await engine.store.start();
  return engine;
}
