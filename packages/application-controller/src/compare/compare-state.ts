import { type Application, annotations } from '@plumbline/apis';
import type { LiveNode, LiveState } from '@plumbline/cluster';
import type { ResourceComparison } from '@plumbline/diff';
import { errorMessage, hasCode } from '@plumbline/errors';
import { aggregateHealth, type HealthStatus } from '@plumbline/health';
import {
  annotation,
  type KubeObject,
  keyString,
  type ResourceKey,
  splitApiVersion,
  type TrackingOptions,
} from '@plumbline/manifests';
import { isHook, waveOf } from '@plumbline/sync';
import { isApplicationKind } from '../application-kind.ts';
import { sharedMessage } from '../shown-application.ts';
import type { TargetObject } from '../target/build-targets.ts';
import type { TargetState } from '../target/target-state.ts';
import { backFilled } from './back-fill.ts';
import { ignoresExtraneous } from './compare-options.ts';
import { namespaceDiffers } from './namespace-metadata.ts';
import type { ComparerRules, Referee, ResourceComparer } from './resource-comparer.ts';

export type SyncStatusCode = 'Synced' | 'OutOfSync' | 'Unknown';

/** One declared or managed object of an Application, both sides of it. */
export interface ResourceState {
  key: ResourceKey;
  version: string;
  target: TargetObject | undefined;
  live: LiveNode | undefined;
  /** The whole live object; present where `live` is. */
  liveObject: KubeObject | undefined;
  comparison: ResourceComparison | undefined;
  /** It still has the marks of label tracking: they do not count, and the next sync takes them off. */
  labelTracked?: boolean;
  status: SyncStatusCode;
  hook: boolean;
  /** Live, ours, and no longer in the target. */
  requiresPruning: boolean;
  /** Counts for the Application's sync status. */
  counts: boolean;
  health: HealthStatus | undefined;
  syncWave: number;
  /** Why the pair could not be judged now. */
  problem?: string;
  /** The problem is that of all objects of the kind: it cannot be seen now. */
  unseen?: boolean;
}

/** An object that two Applications have. */
export interface SharedObject {
  key: ResourceKey;
  /** Tracking name of the other one. */
  application: string;
  /** `K/N is part of applications a and b`. */
  message: string;
}

export interface AppComparison {
  resources: readonly ResourceState[];
  status: SyncStatusCode;
  /** The destination namespace lacks metadata that the Application manages: a difference that no resource shows. */
  namespaceDiffers?: boolean;
  health: HealthStatus;
  /** Target objects that are live as another Application's. */
  shared: readonly SharedObject[];
  /** Objects that could not be judged now, with the reason. */
  problems: readonly string[];
}

export interface CompareStateRequest extends Referee {
  app: Application;
  /** Tracking name of the Application. */
  application: string;
  target: TargetState;
  live: LiveState;
  comparer: ResourceComparer;
  rules: ComparerRules;
  /** How live objects say whose they are. */
  tracking: TrackingOptions | undefined;
  /** The whole object of a node; in that version of its API, where one is named. */
  bodyOf(node: LiveNode, apiVersion?: string): Promise<KubeObject | undefined>;
}

/** Pairs target with live objects and compares each pair (reference §3). */
export async function compareState(request: CompareStateRequest): Promise<AppComparison> {
  const { application, live, target, comparer } = request;
  const keys = new Set(target.targets.map((item) => keyString(item.key)));
  const pairs = target.targets.map((item) => compareTarget(request, item));
  const extra = live.managedBy(application).filter((node) => !keys.has(keyString(node.key)));
  const resources = [...(await Promise.all(pairs)), ...extra.map((node) => extraSeen(node, live))].sort(byKey);
  const namespace = await namespaceDiffers(request);
  comparer.keep(keys);
  return {
    resources,
    status: overallStatus(resources, namespace),
    namespaceDiffers: namespace,
    health: healthOf(request, resources),
    shared: sharedObjects(resources, application),
    problems: problemsOf(resources),
  };
}

/** One line an object, but one for all objects of a kind that cannot be seen. */
function problemsOf(resources: readonly ResourceState[]): string[] {
  const lines = resources.flatMap(({ key, problem, unseen }) => {
    if (problem === undefined) return [];
    return unseen ? [problem] : [`${key.kind}/${key.name} cannot be compared now: ${problem}`];
  });
  return [...new Set(lines)];
}

/** Why objects of a kind cannot be judged: what is known of them may not be relied on. */
function unseenProblem({ group, kind, namespace }: ResourceKey, live: LiveState): string | undefined {
  const doubt = live.doubt({ group, kind, namespace });
  return doubt === undefined
    ? undefined
    : `objects of the kind ${group ? `${group}/` : ''}${kind} cannot be seen now: ${doubt}`;
}

/** What is live of an Application whose target is not known now: nothing of it is judged. */
export function unknownState(application: string, live: LiveState | undefined): AppComparison {
  const nodes = live?.managedBy(application) ?? [];
  const resources = nodes
    .map((node): ResourceState => ({ ...extraneous(node), status: 'Unknown', requiresPruning: false }))
    .sort(byKey);
  return { resources, status: 'Unknown', health: aggregateHealth(resources.map(healthItem)), shared: [], problems: [] };
}

async function compareTarget(request: CompareStateRequest, target: TargetObject): Promise<ResourceState> {
  const { live, comparer, rules } = request;
  const unseen = unseenProblem(target.key, live);
  const node = target.key.name ? live.get(target.key) : undefined;
  const liveObject = node ? await liveAs(request, node, target.object.apiVersion) : undefined;
  const hook = isHook(target.object);
  const seen = liveObject && backFilled(liveObject, target.object, request);
  let comparison: ResourceComparison | undefined;
  let problem = unseen;
  try {
    if (seen && !hook && problem === undefined) {
      comparison = await comparer.compare({ target: target.object, live: seen }, rules, request);
    }
  } catch (error) {
    problem = errorMessage(error);
  }
  return {
    key: target.key,
    version: splitApiVersion(target.object.apiVersion).version,
    target,
    live: liveObject ? node : undefined,
    liveObject,
    comparison,
    ...(seen === liveObject ? {} : { labelTracked: true }),
    status: statusOf(hook, comparison, problem),
    hook,
    requiresPruning: false,
    counts: !hook,
    health: liveObject ? node?.health : undefined,
    syncWave: waveOf(target.object),
    ...(problem ? { problem } : {}),
    ...(unseen ? { unseen: true } : {}),
  };
}

/**
 * The live object in the version that the target is written in: in another one its fields have other names. One that the
 * server does not have (yet: the sync may bring it) leaves it as it is.
 */
async function liveAs({ bodyOf }: CompareStateRequest, node: LiveNode, apiVersion: string) {
  if (node.object?.apiVersion === apiVersion) return node.object;
  try {
    return (await bodyOf(node, apiVersion)) ?? node.object;
  } catch (error) {
    if (!hasCode(error, 'KUBE_NO_SUCH_KIND')) throw error;
    return node.object ?? bodyOf(node);
  }
}

function statusOf(
  hook: boolean,
  comparison: ResourceComparison | undefined,
  problem: string | undefined,
): SyncStatusCode {
  if (problem !== undefined) return 'Unknown';
  return hook || (comparison && !comparison.outOfSync) ? 'Synced' : 'OutOfSync';
}

/** Unknown where something could not be judged; else OutOfSync where something is (reference §3.3). */
function overallStatus(resources: readonly ResourceState[], namespaceDiffers: boolean): SyncStatusCode {
  const counted = resources.filter((item) => item.counts);
  if (counted.some((item) => item.status === 'Unknown')) return 'Unknown';
  return namespaceDiffers || counted.some((item) => item.status === 'OutOfSync') ? 'OutOfSync' : 'Synced';
}

/** An object that is not in the target; where its kind cannot be seen now, nobody knows whether it is still there. */
function extraSeen(node: LiveNode, live: LiveState): ResourceState {
  const state = extraneous(node);
  const problem = unseenProblem(node.key, live);
  return problem === undefined ? state : { ...state, status: 'Unknown', requiresPruning: false, problem, unseen: true };
}

function extraneous(node: LiveNode): ResourceState {
  const liveObject = node.object;
  const hook = liveObject ? isHook(liveObject) : false;
  const ignored = liveObject ? ignoresExtraneous(liveObject) : false;
  return {
    key: node.key,
    version: node.version,
    target: undefined,
    live: node,
    liveObject,
    comparison: undefined,
    status: hook ? 'Synced' : 'OutOfSync',
    hook,
    requiresPruning: !hook,
    counts: !hook && !ignored,
    health: node.health,
    syncWave: liveObject ? waveOf(liveObject) : 0,
  };
}

function healthOf({ app }: CompareStateRequest, resources: readonly ResourceState[]): HealthStatus {
  const self = (key: ResourceKey) =>
    isApplicationKind(key) && key.name === app.metadata.name && key.namespace === app.metadata.namespace;
  return aggregateHealth(resources.map((item) => ({ ...healthItem(item), self: self(item.key) })));
}

function healthItem(item: ResourceState) {
  const { liveObject } = item;
  return {
    key: item.key,
    health: item.health,
    live: item.live !== undefined,
    hook: item.hook,
    ignoreHealth: liveObject ? annotation(liveObject, annotations.ignoreHealthcheck) === 'true' : false,
  };
}

function sharedObjects(resources: readonly ResourceState[], own: string): SharedObject[] {
  return resources.flatMap(({ key, live, target }) => {
    const application = live?.application;
    if (!target || !application || application === own) return [];
    return [{ key, application, message: sharedMessage(key, own, application) }];
  });
}

function byKey(a: ResourceState, b: ResourceState): number {
  return (
    compareText(a.key.group, b.key.group) ||
    compareText(a.key.kind, b.key.kind) ||
    compareText(a.key.namespace, b.key.namespace) ||
    compareText(a.key.name, b.key.name)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
