import { annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import type { Random } from './random.ts';

export type Phase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';
export const phases: readonly Phase[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'];

/** One object of a random sync: what Git and the cluster have of it, and how it will behave. */
export interface Item {
  name: string;
  kind: string;
  wave: number;
  /** Empty: an ordinary resource. */
  hooks: readonly Phase[];
  policies: readonly string[];
  inGit: boolean;
  /** What is live before: nothing, the same, or something else. */
  before: 'missing' | 'same' | 'other';
  /** Of a live object that is not in Git. */
  prune: 'allowed' | 'false' | 'confirm';
  pruneLast: boolean;
  /** Once applied: healthy at once, after a while, or never; or the server says no, already to the dry run or not. */
  outcome: 'well' | 'slow' | 'fails' | 'refused' | 'refused-early';
  /** Its deletion takes a while. */
  held: boolean;
}

/** A random sync: the objects, what is asked for, and what people do meanwhile. */
export interface Graph {
  items: readonly Item[];
  sync: { prune: boolean; syncOptions: string[]; syncStrategy?: object };
  /** Pass in which the operator confirms prunes, if ever. */
  confirmAt: number;
  /** Pass in which the operator terminates; Infinity: never. */
  terminateAt: number;
  /** Passes after which the controller is started anew. */
  restarts: readonly number[];
  /** The write at which the controller is killed, before or after it is carried out; Infinity: none. */
  killAt: number;
  killAfter: boolean;
}

const kinds = ['ServiceAccount', 'ConfigMap', 'Deployment', 'Service', 'Job'] as const;

/** A graph for a seed. */
export function randomGraph(random: Random): Graph {
  const items = Array.from({ length: 2 + random.below(8) }, (_, index) => randomItem(`o${index}`, random));
  const syncOptions = [
    ...(random.chance(0.1) ? ['PruneLast=true'] : []),
    ...(random.chance(0.15) ? ['ApplyOutOfSyncOnly=true'] : []),
  ];
  return {
    items,
    sync: {
      prune: random.chance(0.75),
      syncOptions,
      ...(random.chance(0.1) ? { syncStrategy: { apply: {} } } : {}),
    },
    confirmAt: random.below(8),
    terminateAt: random.chance(0.12) ? random.below(6) : Number.POSITIVE_INFINITY,
    restarts: random.chance(0.4) ? [random.below(8), random.below(8)] : [],
    killAt: random.chance(0.35) ? random.below(10) : Number.POSITIVE_INFINITY,
    killAfter: random.chance(0.5),
  };
}

function randomItem(name: string, random: Random): Item {
  const hook = random.chance(0.35);
  const extra = !hook && random.chance(0.35);
  const outcomes = ['well', 'well', 'well', 'well', 'slow', 'slow', 'fails', 'refused', 'refused-early'] as const;
  const faulty = random.chance(0.5);
  return {
    name,
    kind: (hook && random.chance(0.6) ? 'Job' : random.pick(kinds)) ?? 'ConfigMap',
    wave: random.chance(0.4) ? 0 : random.below(6) - 2,
    hooks: hook ? randomHooks(random) : [],
    policies: ['HookSucceeded', 'HookFailed', 'BeforeHookCreation'].filter(() => random.chance(0.35)),
    inGit: !extra,
    before: extra ? 'same' : (random.pick(['missing', 'missing', 'same', 'other'] as const) ?? 'missing'),
    prune: extra ? (random.pick(['allowed', 'allowed', 'false', 'confirm'] as const) ?? 'allowed') : 'allowed',
    pruneLast: extra && random.chance(0.2),
    outcome: random.pick(faulty ? outcomes : outcomes.slice(0, 6)) ?? 'well',
    held: random.chance(0.2),
  };
}

function randomHooks(random: Random): Phase[] {
  const chosen = phases.filter(() => random.chance(0.35));
  return chosen.length > 0 ? chosen : [random.pick(phases) ?? 'Sync'];
}

const apiVersions: Record<string, string> = { Deployment: 'apps/v1', Job: 'batch/v1' };

/** The manifest of an item, with a value that says which version of it this is. */
export function manifest(item: Item, value: string): KubeObject {
  const options = [
    ...(item.prune === 'allowed' ? [] : [`Prune=${item.prune}`]),
    ...(item.pruneLast ? ['PruneLast=true'] : []),
  ];
  const notes = {
    ...(item.wave === 0 ? {} : { [annotations.syncWave]: String(item.wave) }),
    ...(item.hooks.length > 0 ? { [annotations.hook]: item.hooks.join(',') } : {}),
    ...(item.hooks.length > 0 && item.policies.length > 0
      ? { [annotations.hookDeletePolicy]: item.policies.join(',') }
      : {}),
    ...(options.length > 0 ? { [annotations.syncOptions]: options.join(',') } : {}),
  };
  return {
    apiVersion: apiVersions[item.kind] ?? 'v1',
    kind: item.kind,
    metadata: { name: item.name, annotations: notes },
    data: { value },
  };
}
