import { finalizers } from '@plumbline/apis';
import { assessHealth, type HealthStatusCode } from '@plumbline/health';
import { type KubeObject, keyOf, keyString, type ResourceKey } from '@plumbline/manifests';
import type { ActionOutcome, SyncAction } from '../actions.ts';
import { displayKey } from '../display.ts';
import type { ObservedState } from '../observed.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { resumeProgress, type SyncProgress } from '../progress.ts';
import { recordOutcomes } from '../record-outcomes.ts';
import { type SyncStep, stepOperation } from '../step/step-operation.ts';
import type { ResourceResult, SyncPair, SyncPlan, SyncRequest } from '../types.ts';
import { context, request } from './builders.ts';

interface Live {
  object: KubeObject;
  uid: string;
  deletionTimestamp?: string;
}

/** What a test makes of the model: all by name of the object. */
export interface WorldOptions {
  request?: Partial<SyncRequest>;
  /** Health of live objects; otherwise they have what @plumbline/health says of them. */
  health?: Record<string, HealthStatusCode>;
  /** Why the server refuses the object, dry run or not. */
  refuses?: Record<string, string>;
  /** As `refuses`, where only the real write is refused. */
  refusesWrite?: Record<string, string>;
  /** Objects whose deletion takes until `letGo`. */
  held?: string[];
  deletionApproved?: string;
}

/**
 * A model of the controller around the steps: executes actions against a map of objects, with a clock of its own. It
 * keeps the order of what was done, so that tests speak of that and not of single steps.
 */
export class World {
  readonly log: string[] = [];
  /** `log`, split by steps: what ran in parallel. */
  readonly batches: string[][] = [];
  readonly health: Record<string, HealthStatusCode>;
  readonly options: WorldOptions;
  now = Date.parse('2026-01-01T00:00:00Z');
  progress: SyncProgress = resumeProgress();
  plan: SyncPlan;
  readonly request: SyncRequest;
  private readonly pairs: readonly SyncPair[];
  private readonly objects = new Map<string, Live>();
  private serial = 0;

  constructor(pairs: readonly SyncPair[], options: WorldOptions = {}) {
    this.pairs = pairs;
    this.options = options;
    this.health = options.health ?? {};
    this.request = request(options.request);
    for (const { live } of pairs) if (live) this.put(live.object);
    this.plan = buildPlan(pairs, this.request, context);
  }

  /** Steps until the operation ends or waits for something else than time. */
  run(): SyncStep {
    for (let round = 0; round < 100; round++) {
      const step = this.step();
      if (step.phase || (step.actions.length === 0 && step.requeueAfterMs === undefined)) return step;
      this.now += step.requeueAfterMs ?? 0;
    }
    throw new Error('the operation neither ends nor waits');
  }

  step(): SyncStep {
    const { progress, plan, request: wanted } = this;
    const step = stepOperation({ progress, plan, request: wanted, observed: this.observed() });
    if (step.actions.length > 0) this.batches.push(step.actions.map(label));
    const outcomes = step.actions.map((action) => this.execute(action));
    this.progress = recordOutcomes(step.progress, outcomes, { request: wanted, now: this.now });
    return step;
  }

  /** A new process that knows only what the custom resource holds, and the cluster. */
  restart(): void {
    const { phase, message, results } = structuredClone(this.progress);
    this.progress = resumeProgress({ phase, message, results });
    const pairs = this.pairs
      .map((pair) => ({ ...pair, live: this.live(pair.key), outOfSync: pair.outOfSync && !this.applied(pair) }))
      .filter((pair) => pair.target || pair.live);
    this.plan = buildPlan(pairs, this.request, { ...context, results });
  }

  terminate(): void {
    this.progress = { ...this.progress, phase: 'Terminating' };
  }

  letGo(name: string): void {
    for (const [id, { object }] of this.objects) if (object.metadata.name === name) this.objects.delete(id);
  }

  names(): string[] {
    return [...this.objects.values()].map(({ object }) => object.metadata.name ?? '').sort();
  }

  finalizersOf(name: string): string[] {
    return this.find(name)?.object.metadata.finalizers ?? [];
  }

  /** Somebody asks for the deletion of an object that is held. */
  startDeletion(name: string): void {
    const found = this.find(name);
    if (found) found.deletionTimestamp = new Date(this.now).toISOString();
  }

  object(name: string): KubeObject | undefined {
    return this.find(name)?.object;
  }

  uid(name: string): string | undefined {
    return this.find(name)?.uid;
  }

  result(name: string): ResourceResult | undefined {
    return this.progress.results.find((result) => result.name === name);
  }

  /** `name: status/hookPhase message` for each result. */
  outcomes(): Record<string, string> {
    return Object.fromEntries(
      this.progress.results.map(({ name, status, hookPhase, message }) => [
        name,
        `${status ?? '-'}/${hookPhase ?? '-'} ${message ?? ''}`,
      ]),
    );
  }

  private find(name: string): Live | undefined {
    return [...this.objects.values()].find(({ object }) => object.metadata.name === name);
  }

  private applied({ key }: SyncPair): boolean {
    return this.log.includes(`apply ${displayKey(key)}`);
  }

  /** Puts an object in, as somebody else would too. */
  put(object: KubeObject): void {
    const id = keyString(keyOf(object));
    this.objects.set(id, { object, uid: this.objects.get(id)?.uid ?? `uid-${++this.serial}` });
  }

  private live(key: ResourceKey) {
    const found = this.objects.get(keyString(key));
    return found && { object: found.object, health: assessHealth(found.object) };
  }

  private observed(): ObservedState {
    return {
      now: this.now,
      deletionApproved: this.options.deletionApproved,
      live: (key) => {
        const found = this.objects.get(keyString(key));
        if (!found) return undefined;
        const status = this.health[key.name];
        return {
          ...found,
          health: status ? { status, message: `${key.name} is ${status}` } : assessHealth(found.object),
        };
      },
    };
  }

  private execute(action: SyncAction): ActionOutcome {
    this.log.push(label(action));
    const { key, target } = action.task;
    const write = action.kind === 'dry-run' ? undefined : this.options.refusesWrite?.[key.name];
    const error = this.options.refuses?.[key.name] ?? write;
    if (error !== undefined) return { action, error };
    if (action.kind === 'apply' && target) this.put(target);
    if (action.kind === 'release-hook' || action.kind === 'delete-hook') this.release(key);
    if (action.kind === 'prune' || action.kind === 'delete-hook') this.delete(key);
    return { action };
  }

  private release(key: ResourceKey): void {
    const found = this.objects.get(keyString(key));
    if (!found) return;
    const { metadata } = found.object;
    const kept = metadata.finalizers?.filter((finalizer) => finalizer !== finalizers.hook) ?? [];
    this.put({ ...found.object, metadata: { ...metadata, finalizers: kept } });
  }

  private delete(key: ResourceKey): void {
    const found = this.objects.get(keyString(key));
    if (!found) return;
    if (this.options.held?.includes(key.name)) found.deletionTimestamp = new Date(this.now).toISOString();
    else this.objects.delete(keyString(key));
  }
}

function label({ kind, task }: SyncAction): string {
  return `${kind} ${displayKey(task.key)}`;
}
