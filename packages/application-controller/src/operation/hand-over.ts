import type { Application } from '@plumbline/apis';
import type { SecretMask } from '@plumbline/cluster';
import { joinApiVersion, keyString, type ResourceKey, withTracking } from '@plumbline/manifests';
import { planDeletions } from '@plumbline/sync';
import type { AppRuntime, LoadedTarget } from '../app-runtime.ts';
import type { Destination } from '../destination/destinations.ts';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';
import type { Pass } from '../pass.ts';
import type { HoldRule } from './hold.ts';
import { othersToAsk } from './others-to-ask.ts';

/** The other Applications, as far as the controller knows them. */
export interface OtherApplications {
  /** All of them by key, with what is remembered of each. */
  runtimes(): Iterable<readonly [string, AppRuntime]>;
  /** Asks for a comparison of that Application with what its sources have now. */
  refresh(key: string): void;
  /** Keys of those for the same cluster that nobody has looked at yet, because they are new or the controller is. */
  unseen?(app: Application): readonly string[];
  /** Whether it will do what {@link refresh} asks for. */
  answers?(key: string): boolean;
  /** Whether there is such an Application. */
  exists?(key: string): boolean;
}

/** Another Application, and what it renders. */
export interface Owner {
  key: string;
  target: LoadedTarget;
}

const keysOf = new WeakMap<LoadedTarget['state'], ReadonlySet<string>>();

/** Whether an object is among what was rendered. */
export function renders(state: LoadedTarget['state'], key: ResourceKey): boolean {
  const known = keysOf.get(state);
  if (known) return known.has(keyString(key));
  const keys = new Set(state.targets.map((target) => keyString(target.key)));
  keysOf.set(state, keys);
  return keys.has(keyString(key));
}

/** The other Applications that deploy to the same cluster, as far as it is known what they render. */
export function neighbours(pass: Pass, others: OtherApplications): Owner[] {
  const found: Owner[] = [];
  for (const [key, { target }] of others.runtimes()) {
    if (key !== pass.key && target && target.server === pass.destination?.server) found.push({ key, target });
  }
  return found;
}

/** The other Application that renders an object for the same cluster now, if there is one. */
export function ownerElsewhere(pass: Pass, key: ResourceKey, others: OtherApplications): Owner | undefined {
  return neighbours(pass, others).find(({ target }) => renders(target.state, key));
}

/** What an Application does not answer within this time does not hold pruning up any longer. */
export const patienceMs = 30_000;
const checkMs = 300;

/**
 * Before an operation prunes, the Applications of the same repositories say what they render at the revision in question:
 * what has moved there is handed over instead of being deleted (want 21). Waits for those that have not seen it yet; after a
 * restart for all of them, also where the operation had begun before.
 */
export function moveRule(others: OtherApplications, clock: () => number): HoldRule {
  return (pass, attempt, state) => {
    const deletions = planDeletions(attempt.plan, attempt.request);
    if (deletions.length === 0) return undefined;
    const { operations } = pass.runtime;
    const known = operations.waitsForOthers;
    const begun = known?.operation === state.startedAt ? known : { since: clock(), steady: pass.steady() };
    const { since, steady } = begun;
    operations.waitsForOthers = { operation: state.startedAt, since, steady };
    if (pass.steady() - steady > patienceMs) return undefined;
    const namespaces = new Set(deletions.map(({ key }) => key.namespace));
    const behind = othersToAsk(pass, { others, since, revisions: attempt.target.revisions, namespaces });
    if (behind.length === 0) return undefined;
    for (const key of behind) others.refresh(key);
    const message = `asking whether what is to be pruned has moved to ${behind.slice(0, 3).join(', ')}`;
    return { kind: 'wait', message, ms: checkMs };
  };
}

/** Marks a live object as another Application's own: it stays as it is, uid and all. */
export async function handOver(
  task: { key: ResourceKey; version: string; uid: string | undefined },
  { target: { facts } }: Owner,
  { destination: { client, live }, mask }: { destination: Destination; mask: SecretMask },
): Promise<void> {
  const { key, version, uid } = task;
  const apiVersion = joinApiVersion(key.group, version);
  const { kind, name, namespace } = key;
  const place = namespace ? { name, namespace } : { name };
  const marked = withTracking(
    { apiVersion, kind, metadata: place },
    { application: facts.application, namespace: facts.namespace, ...facts.tracking },
  );
  const { annotations, labels } = marked.metadata;
  const metadata = { ...(annotations ? { annotations } : {}), ...(labels ? { labels } : {}), ...(uid ? { uid } : {}) };
  const answer = await client.patch(refOf(key, apiVersion), { metadata }, { type: 'merge', fieldManager });
  live.observe(mask.mask(answer));
}
