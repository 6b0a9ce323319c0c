import { annotations, ownAnnotations } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { configMap, owned } from './builders.ts';
import { type Engine, startEngine } from './engine.ts';
import { type Graph, type Item, manifest } from './sync-graph.ts';

/** A write of the controller, and the cluster just before it. */
export interface Write {
  verb: 'apply' | 'delete';
  name: string;
  /** uid of the object that was there. */
  uid: string | undefined;
  /** Objects that this operation applied and that are not healthy. */
  unhealthy: readonly string[];
  /** Objects that are on their way out. */
  going: readonly string[];
  confirmed: boolean;
  /** Of a hook that is applied: for which phase, by its mark. */
  phase: string | undefined;
}

/** What came of a run. */
export interface Run {
  graph: Graph;
  writes: readonly Write[];
  /** How each operation ended; undefined: it did not. */
  phase: string | undefined;
  message: string;
  terminated: boolean;
  engine: Engine;
}

const maxPasses = 60;
/** Slow objects take so many passes. */
const slowPasses = 3;

/** Runs one operation over a graph to its end, with a controller that may be killed, and records every write. */
export async function runGraph(graph: Graph): Promise<Run> {
  const engine = await startEngine({
    objects: graph.items.filter(({ inGit }) => inGit).map((item) => manifest(item, 'git')),
  });
  const driver = new Driver(engine, graph);
  for (const item of graph.items) driver.prepare(item);
  engine.cluster.put(owned(configMap('stranger'), 'other'));
  await engine.sync(graph.sync);
  for (let pass = 0; pass < maxPasses && engine.app.operation; pass += 1) await driver.pass(pass);
  const { phase, message = '' } = engine.operationState ?? {};
  const over = engine.app.operation === undefined;
  return {
    graph,
    writes: driver.writes,
    phase: over ? phase : undefined,
    message,
    terminated: driver.terminated,
    engine,
  };
}

class Driver {
  readonly writes: Write[] = [];
  terminated = false;
  readonly #engine: Engine;
  readonly #graph: Graph;
  /** Passes until an applied object shows what it will come to, by name. */
  readonly #ripening = new Map<string, number>();
  #confirmed = false;
  #requests = 0;
  /** Of the hook whose request is on its way. */
  #phase: string | undefined;
  #killed: () => void = () => {};

  constructor(engine: Engine, graph: Graph) {
    this.#engine = engine;
    this.#graph = graph;
    engine.cluster.before = (line) => this.#note(line);
    this.#makeMortal();
  }

  /** Puts in what is live before, and what the server will say. */
  prepare(item: Item): void {
    const { cluster } = this.#engine;
    if (item.before !== 'missing') {
      const live = owned(manifest(item, item.before === 'same' ? 'git' : 'old'));
      const finalizers = item.held ? { finalizers: ['example.org/slow'] } : {};
      cluster.put({ ...live, metadata: { ...live.metadata, ...finalizers } });
    }
    this.#engine.live.health[item.name] = 'Healthy';
    const refusal = new PlumblineError('KUBE_INVALID', `${item.name} is refused`);
    if (item.outcome.startsWith('refused')) cluster.refusals.set(`apply ${item.kind}/${item.name}`, refusal);
    if (item.outcome === 'refused-early') cluster.refusals.set(`dry-run ${item.kind}/${item.name}`, refusal);
  }

  async pass(count: number): Promise<void> {
    const { engine, graph } = { engine: this.#engine, graph: this.#graph };
    if (count >= graph.confirmAt && !this.#confirmed) {
      this.#confirmed = true;
      await engine.edit({ metadata: { annotations: { [annotations.deletionApproved]: '2099-01-01T00:00:00Z' } } });
    }
    if (count === graph.terminateAt && engine.operationState?.phase === 'Running') {
      this.terminated = true;
      await engine.edit({ status: { operationState: { phase: 'Terminating' } } });
    }
    const dead = new Promise<'dead'>((resolve) => {
      this.#killed = () => resolve('dead');
    });
    if ((await Promise.race([engine.pass(), dead])) === 'dead') engine.restart();
    if (graph.restarts.includes(count)) engine.restart();
    this.#goOn();
  }

  /** Time passes for what is slow. */
  #goOn(): void {
    const { live, cluster } = this.#engine;
    for (const [name, left] of this.#ripening) {
      this.#ripening.set(name, left - 1);
      const { outcome } = this.#item(name) ?? {};
      if (left === 1) live.health[name] = outcome === 'fails' ? 'Degraded' : 'Healthy';
    }
    for (const { apiVersion, kind, metadata } of [...cluster.objects.values()]) {
      const { finalizers = [], name = '', namespace = '', deletionTimestamp } = metadata;
      if (!deletionTimestamp || !finalizers.includes('example.org/slow')) continue;
      const left = finalizers.filter((finalizer) => finalizer !== 'example.org/slow');
      void cluster.patch({ apiVersion, kind, namespace, name }, { metadata: { finalizers: left } }, { type: 'merge' });
    }
  }

  #note(line: string): void {
    const [, verb, name = ''] = /^(apply|delete) .*\/(\S+)$/.exec(line) ?? [];
    if (verb !== 'apply' && verb !== 'delete') return;
    const { live } = this.#engine;
    this.writes.push({
      verb,
      name,
      uid: this.#object(name)?.metadata.uid,
      unhealthy: [...this.#ripening.keys()].filter((item) => live.health[item] !== 'Healthy'),
      going: this.#graph.items
        .map((item) => item.name)
        .filter((item) => this.#object(item)?.metadata.deletionTimestamp),
      confirmed: this.#confirmed,
      phase: verb === 'apply' ? this.#phase : undefined,
    });
  }

  #applied(name: string): void {
    const outcome = this.#item(name)?.outcome;
    if (outcome !== 'slow' && outcome !== 'fails') return;
    this.#ripening.set(name, slowPasses);
    this.#engine.live.health[name] = 'Progressing';
  }

  #item(name: string): Item | undefined {
    return this.#graph.items.find((item) => item.name === name);
  }

  #object(name: string): KubeObject | undefined {
    return [...this.#engine.cluster.objects.values()].find(
      ({ kind, metadata }) => metadata.name === name && kind === this.#item(name)?.kind,
    );
  }

  /** A request at which the controller dies is never answered. */
  #makeMortal(): void {
    const { cluster } = this.#engine;
    const never = new Promise<never>(() => {});
    const mortal = async <T>(concerns: boolean, request: () => Promise<T>): Promise<T> => {
      const dies = concerns && this.#requests++ === this.#graph.killAt;
      if (dies && !this.#graph.killAfter) {
        this.#killed();
        return never;
      }
      const answer = await request();
      if (!dies) return answer;
      this.#killed();
      return never;
    };
    const [apply, remove] = [cluster.apply.bind(cluster), cluster.delete.bind(cluster)];
    cluster.apply = (object, options) =>
      mortal(options.dryRun !== true, async () => {
        this.#phase = object.metadata.annotations?.[ownAnnotations.hookRun]?.split('-')[0];
        const existed = this.#object(object.metadata.name ?? '');
        const answer = await apply(object, options);
        const changed =
          existed?.metadata.uid !== answer.metadata.uid || !this.#ripening.has(object.metadata.name ?? '');
        if (options.dryRun !== true && changed) this.#applied(object.metadata.name ?? '');
        return answer;
      });
    cluster.delete = (ref, options) => mortal(true, () => remove(ref, options));
  }
}
