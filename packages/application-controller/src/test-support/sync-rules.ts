import { type Graph, type Item, type Phase, phases } from './sync-graph.ts';
import type { Run, Write } from './sync-run.ts';

/** The place of a write in the order of reference §2: phase, wave, prunes before applies, kind. */
type Place = readonly [phase: number, wave: number, step: number, kind: number];

const kindOrder = ['ServiceAccount', 'ConfigMap', 'Service', 'Deployment', 'Job'];

/** What is wrong with a run by the rules of reference §2, written down a second time. */
export function violations(run: Run): string[] {
  const items = new Map(run.graph.items.map((item) => [item.name, item]));
  const found: string[] = [];
  const places = new Placement(run.graph);
  let last: { place: Place; write: Write } | undefined;
  for (const write of run.writes) {
    const item = items.get(write.name);
    if (!item) {
      found.push(`${write.verb} of the stranger ${write.name}`);
      continue;
    }
    found.push(...forbidden(write, item, run.graph));
    const place = places.of(write, item);
    if (!place) continue;
    // A failure that was not recorded before a restart is met once more.
    const again = wasInterrupted(run.graph) && last?.place[0] === phases.indexOf('SyncFail');
    if (last && !again && compare(last.place, place, wasInterrupted(run.graph) ? 2 : 4) > 0)
      found.push(`${show(write)} after ${show(last.write)}`);
    if (last && isLaterGroup(last.place, place) && place[0] < phases.indexOf('SyncFail')) {
      if (write.unhealthy.length > 0 && !forgetsHealth(run.graph))
        found.push(`${show(write)} while ${write.unhealthy.join(', ')} are not healthy`);
      const waits = !wasInterrupted(run.graph) && write.going.some((name) => !items.get(name)?.hooks.length);
      if (waits) found.push(`${show(write)} while ${write.going.join(', ')} are going`);
    }
    last = { place, write };
  }
  return [...found, ...places.repeated(run), ...endings(run)];
}

/** Where writes belong; counts how often each hook was made for each phase. */
class Placement {
  readonly #graph: Graph;
  readonly #made = new Map<string, Map<string, number>>();
  readonly #mirrored: ReadonlyMap<number, number>;
  readonly #lastWave: number;

  constructor(graph: Graph) {
    this.#graph = graph;
    const going = graph.items.filter((item) => isPruned(item, graph)).map(({ wave }) => wave);
    const waves = [...new Set(going)].sort((a, b) => a - b);
    this.#mirrored = new Map(waves.map((wave, index) => [wave, waves[waves.length - 1 - index] ?? wave]));
    const inSync = graph.items.filter((item) => item.inGit && isInSync(item, graph)).map(({ wave }) => wave);
    this.#lastWave = Math.max(0, ...inSync, ...going) + 1;
  }

  /** Undefined: the deletion of a hook, which has its own rules. */
  of(write: Write, item: Item): Place | undefined {
    if (write.verb === 'delete' && item.inGit) return undefined;
    const sync = phases.indexOf('Sync');
    if (write.verb === 'delete') {
      const last = item.pruneLast || this.#graph.sync.syncOptions.includes('PruneLast=true');
      return [sync, last ? this.#lastWave : (this.#mirrored.get(item.wave) ?? item.wave), 0, 0];
    }
    const phase = item.hooks.length > 0 ? this.#note(write) : sync;
    return [phase, item.wave, 1, kindOrder.indexOf(item.kind)];
  }

  /** An apply to an object that is there is the same run once more, after a crash. */
  #note({ name, phase = '', uid }: Write): number {
    const runs = this.#made.get(name) ?? new Map<string, number>();
    this.#made.set(name, runs.set(phase, (runs.get(phase) ?? 0) + (uid === undefined ? 1 : 0)));
    return phases.indexOf(phase as Phase);
  }

  repeated({ graph }: Run): string[] {
    return graph.items.flatMap((item) =>
      [...(this.#made.get(item.name) ?? [])]
        .filter(([, count]) => count > 1 && !item.outcome.startsWith('refused'))
        .map(([phase, count]) => `hook ${item.name} was made ${count} times for ${phase}`),
    );
  }
}

/** What was applied and not recorded is in order after a restart, and nothing to ApplyOutOfSyncOnly. */
function forgetsHealth(graph: Graph): boolean {
  return wasInterrupted(graph) && graph.sync.syncOptions.includes('ApplyOutOfSyncOnly=true');
}

function wasInterrupted({ restarts, killAt }: Graph): boolean {
  return restarts.length > 0 || Number.isFinite(killAt);
}

function isInSync({ hooks }: Item, graph: Graph): boolean {
  return hooks.length === 0 || (hooks.includes('Sync') && !graph.sync.syncStrategy);
}

function isPruned(item: Item, { sync }: Graph): boolean {
  return !item.inGit && sync.prune && item.prune !== 'false';
}

/** Writes that no state of affairs allows. */
function forbidden(write: Write, item: Item, graph: Graph): string[] {
  if (write.verb === 'apply') {
    if (item.hooks.length > 0 && graph.sync.syncStrategy) return [`hook ${item.name} without the strategy hook`];
    if (item.hooks.length === 0 && item.before === 'same') return [`${item.name} was applied although in order`];
    return item.inGit ? [] : [`${item.name} was applied and is not in Git`];
  }
  if (item.inGit) return item.hooks.length > 0 ? [] : [`${item.name} was deleted and is in Git`];
  if (!isPruned(item, graph)) return [`${item.name} was deleted and is to stay`];
  return item.prune === 'confirm' && !write.confirmed ? [`${item.name} was deleted without its confirmation`] : [];
}

/** What must hold when the operation is over. */
function endings(run: Run): string[] {
  const { phase, graph, writes, terminated, engine, message } = run;
  if (phase === undefined) return [`it does not end: ${message}`];
  const made = (item: Item) => writes.filter((write) => write.verb === 'apply' && write.name === item.name).length;
  const live = (item: Item) =>
    [...engine.cluster.objects.values()].find(
      ({ kind, metadata }) => metadata.name === item.name && kind === item.kind,
    );
  const hooksRun = !graph.sync.syncStrategy;
  const rescue = graph.items.filter(({ hooks }) => hooks.includes('SyncFail'));
  const found: string[] = [];
  if (terminated && phase === 'Succeeded') return found;
  const faults = graph.items.filter(({ outcome }) => outcome === 'fails' || outcome.startsWith('refused'));
  if (!terminated && faults.length === 0 && phase !== 'Succeeded') found.push(`nothing is wrong, yet: ${message}`);
  if (phase === 'Succeeded') {
    for (const item of graph.items) {
      if (item.hooks.length > 0) {
        const wanted = hooksRun ? item.hooks.filter((hook) => hook !== 'SyncFail').length : 0;
        if (made(item) < wanted) found.push(`hook ${item.name} did not run in each of ${item.hooks.join(', ')}`);
        if (
          made(item) > 0 &&
          item.policies.includes('HookSucceeded') &&
          live(item) &&
          !live(item)?.metadata.deletionTimestamp
        )
          found.push(`hook ${item.name} is still there after the success`);
      } else if (item.inGit && (live(item)?.['data'] as { value?: string } | undefined)?.value !== 'git')
        found.push(`${item.name} is not as in Git`);
      else if (isPruned(item, graph) && live(item) && !live(item)?.metadata.deletionTimestamp)
        found.push(`${item.name} was not pruned`);
    }
  }
  if (phase === 'Failed' && !terminated && hooksRun) {
    for (const item of rescue) if (made(item) === 0) found.push(`SyncFail hook ${item.name} did not run`);
  }
  if (phase !== 'Succeeded' && !terminated) {
    for (const item of graph.items) {
      const ran = item.hooks.length > 0 && item.policies.includes('HookFailed') && made(item) > 0;
      if (ran && live(item) && !live(item)?.metadata.deletionTimestamp)
        found.push(`hook ${item.name} is still there after the failure`);
    }
  }
  return found;
}

/** By so many parts: after a restart a wave begins anew with its first kind. */
function compare(a: Place, b: Place, parts: 2 | 4): number {
  for (let index = 0; index < parts; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isLaterGroup(a: Place, b: Place): boolean {
  return b[0] > a[0] || (b[0] === a[0] && b[1] > a[1]);
}

function show({ verb, name }: Write): string {
  return `${verb} ${name}`;
}
