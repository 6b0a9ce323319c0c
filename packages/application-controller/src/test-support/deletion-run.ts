import { annotations, finalizers } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { finalizeDeletion } from '../steps/finalize-deletion.ts';
import { reportDeletion } from '../steps/report.ts';
import { owned, shop } from './builders.ts';
import { type Engine, startEngine } from './engine.ts';
import type { Random } from './random.ts';

type DeletionHookType = 'PreDelete' | 'PostDelete';

/** One object of a random deletion. */
export interface DeletionItem {
  name: string;
  kind: 'ConfigMap' | 'Deployment' | 'Job';
  wave: number;
  /** Empty: a managed object. */
  hooks: readonly DeletionHookType[];
  succeededGo: boolean;
  outcome: 'well' | 'slow' | 'fails-once';
  /** Its deletion takes a while. */
  held: boolean;
  keep: '' | 'Delete=false' | 'Delete=confirm';
  /** A hook object of that name is there from before. */
  older: boolean;
}

export interface DeletionGraph {
  items: readonly DeletionItem[];
  cascades: boolean;
  /** Pass in which the deletion is confirmed. */
  confirmAt: number;
  restarts: readonly number[];
  killAt: number;
  killAfter: boolean;
}

export interface DeletionWrite {
  verb: 'apply' | 'delete';
  name: string;
  /** Names of what is there just before. */
  there: ReadonlySet<string>;
  confirmed: boolean;
}

export interface DeletionRunResult {
  graph: DeletionGraph;
  writes: readonly DeletionWrite[];
  gone: boolean;
  /** What is left of the objects. */
  left: readonly KubeObject[];
}

/** A random deletion for a seed. */
export function randomDeletion(random: Random): DeletionGraph {
  const items = Array.from({ length: 1 + random.below(7) }, (_, index): DeletionItem => {
    const hook = random.chance(0.4);
    const hooks = (['PreDelete', 'PostDelete'] as const).filter(() => hook && random.chance(0.6));
    const isHook = hooks.length > 0;
    return {
      name: `o${index}`,
      kind: isHook ? 'Job' : (random.pick(['ConfigMap', 'Deployment'] as const) ?? 'ConfigMap'),
      wave: random.below(5) - 2,
      hooks,
      succeededGo: random.chance(0.5),
      outcome: random.pick(['well', 'slow', 'fails-once'] as const) ?? 'well',
      held: random.chance(0.3),
      keep: isHook ? '' : (random.pick(['', '', '', 'Delete=false', 'Delete=confirm'] as const) ?? ''),
      older: isHook && random.chance(0.3),
    };
  });
  return {
    items,
    cascades: random.chance(0.85),
    confirmAt: random.below(12),
    restarts: random.chance(0.5) ? [random.below(8), random.below(8)] : [],
    killAt: random.chance(0.5) ? random.below(10) : Number.POSITIVE_INFINITY,
    killAfter: random.chance(0.5),
  };
}

function manifest(item: DeletionItem): KubeObject {
  const notes = {
    [annotations.syncWave]: String(item.wave),
    ...(item.hooks.length > 0 ? { [annotations.hook]: item.hooks.join(',') } : {}),
    ...(item.succeededGo && item.hooks.length > 0 ? { [annotations.hookDeletePolicy]: 'HookSucceeded' } : {}),
    ...(item.keep ? { [annotations.syncOptions]: item.keep } : {}),
  };
  const apiVersion = { ConfigMap: 'v1', Deployment: 'apps/v1', Job: 'batch/v1' }[item.kind];
  return { apiVersion, kind: item.kind, metadata: { name: item.name, annotations: notes } };
}

const maxPasses = 80;
const slowPasses = 2;

/** Deletes an Application with a controller that may be killed, and records every write. */
export async function runDeletion(graph: DeletionGraph): Promise<DeletionRunResult> {
  const has = (type: DeletionHookType) => graph.items.some(({ hooks }) => hooks.includes(type));
  const held = [
    ...(graph.cascades ? [finalizers.resources] : []),
    ...(has('PreDelete') ? [finalizers.preDelete, finalizers.preDeleteCleanup] : []),
    ...(has('PostDelete') ? [finalizers.postDelete, finalizers.postDeleteCleanup] : []),
    'example.org/last',
  ];
  const app = shop({ metadata: { finalizers: held, deletionTimestamp: '2026-01-01T00:00:00Z' } });
  const engine = await startEngine({ app, objects: graph.items.map(manifest) });
  const run = new DeletionDriver(engine, graph);
  for (let pass = 0; pass < maxPasses && !run.released(); pass += 1) await run.pass(pass);
  const left = [...engine.cluster.objects.values()].filter(({ metadata }) => metadata.name?.startsWith('o'));
  return { graph, writes: run.writes, gone: run.released(), left };
}

class DeletionDriver {
  readonly writes: DeletionWrite[] = [];
  readonly #engine: Engine;
  readonly #graph: DeletionGraph;
  readonly #ripening = new Map<string, number>();
  readonly #failed = new Set<string>();
  #confirmed = false;
  #requests = 0;
  #working = false;
  #killed: () => void = () => {};

  constructor(engine: Engine, graph: DeletionGraph) {
    this.#engine = engine;
    this.#graph = graph;
    for (const item of graph.items) {
      if (item.hooks.length > 0 && !item.older) continue;
      const live = owned(manifest(item));
      engine.cluster.put(item.held ? withFinalizer(live) : live);
      engine.live.health[item.name] = 'Healthy';
    }
    engine.cluster.before = (line) => this.#note(line);
    this.#makeMortal();
  }

  /** Only the finalizer of somebody else is left. */
  released(): boolean {
    return this.#engine.app.metadata.finalizers?.length === 1;
  }

  async pass(count: number): Promise<void> {
    const { cluster, store } = this.#engine;
    if (count === this.#graph.confirmAt) {
      this.#confirmed = true;
      const approval = { [annotations.deletionApproved]: '2026-01-01T00:00:01Z' };
      await this.#engine.edit({ metadata: { annotations: approval } });
    }
    const dead = new Promise<'dead'>((resolve) => {
      this.#killed = () => resolve('dead');
    });
    const work = async () => {
      const pass = this.#engine.newPass();
      if (await finalizeDeletion(pass, this.#engine.deletionOptions())) return;
      await reportDeletion(pass, { client: cluster, store, controlNamespace: 'argocd' });
    };
    this.#working = true;
    const ended = await Promise.race([work(), dead]);
    this.#working = false;
    if (ended === 'dead' || this.#graph.restarts.includes(count)) this.#engine.restart();
    await this.#goOn();
  }

  async #goOn(): Promise<void> {
    const { cluster, live } = this.#engine;
    this.#engine.now += 20_000;
    for (const [name, left] of [...this.#ripening]) {
      this.#ripening.set(name, left - 1);
      if (left !== 1) continue;
      const fails = this.#item(name)?.outcome === 'fails-once' && !this.#failed.has(name);
      if (fails) this.#failed.add(name);
      live.health[name] = fails ? 'Degraded' : 'Healthy';
    }
    for (const { apiVersion, kind, metadata } of [...cluster.objects.values()]) {
      const { name = '', namespace = '', deletionTimestamp, finalizers: held = [] } = metadata;
      if (!deletionTimestamp || !held.includes('example.org/slow')) continue;
      const left = held.filter((finalizer) => finalizer !== 'example.org/slow');
      await cluster.patch({ apiVersion, kind, namespace, name }, { metadata: { finalizers: left } }, { type: 'merge' });
    }
  }

  #item(name: string): DeletionItem | undefined {
    return this.#graph.items.find((item) => item.name === name);
  }

  #note(line: string): void {
    const [, verb, name = ''] = /^(apply|delete) .*\/(o\d+)$/.exec(line) ?? [];
    if (verb !== 'apply' && verb !== 'delete') return;
    const there = new Set([...this.#engine.cluster.objects.values()].map(({ metadata }) => metadata.name ?? ''));
    this.writes.push({ verb, name, there, confirmed: this.#confirmed });
  }

  /** A request at which the controller dies is never answered. */
  #makeMortal(): void {
    const { cluster, live } = this.#engine;
    const never = new Promise<never>(() => {});
    const mortal = async <T>(request: () => Promise<T>): Promise<T> => {
      // What others do meanwhile is no request of the controller's.
      if (!this.#working) return request();
      const dies = this.#requests++ === this.#graph.killAt;
      const answer = dies && !this.#graph.killAfter ? undefined : await request();
      if (!dies) return answer as T;
      this.#killed();
      return never;
    };
    const [apply, remove, patch] = [
      cluster.apply.bind(cluster),
      cluster.delete.bind(cluster),
      cluster.patch.bind(cluster),
    ];
    cluster.apply = (object, options) =>
      mortal(async () => {
        const { name = '' } = object.metadata;
        const existed = [...cluster.objects.values()].some(({ metadata }) => metadata.name === name);
        const answer = await apply(object, options);
        if (!existed) {
          this.#ripening.set(name, slowPasses);
          live.health[name] = this.#item(name)?.outcome === 'well' ? 'Healthy' : 'Progressing';
        }
        return answer;
      });
    cluster.delete = (ref, options) => mortal(() => remove(ref, options));
    cluster.patch = (ref, body, options) =>
      ref.kind === 'Application' && !('metadata' in (body as object))
        ? patch(ref, body, options)
        : mortal(() => patch(ref, body, options));
  }
}

function withFinalizer(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, finalizers: ['example.org/slow'] } };
}
