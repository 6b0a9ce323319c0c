import { annotations } from '@plumbline/apis';
import { annotation, type KubeObject, keyOf, splitApiVersion } from '@plumbline/manifests';
import { deletePoliciesOf, hookObject, hookTypesOf, isHook } from '../hooks.ts';
import { isSyncPhase } from '../phase-order.ts';
import { taskOptions } from '../sync-options.ts';
import type { SyncPair, SyncPhase, SyncRequest, SyncTask } from '../types.ts';
import { waveOf } from '../wave.ts';

/**
 * Tasks of the pairs in no order yet (reference §2.1): an ordinary resource makes one, a hook one for each of its
 * phases, a live object without a target one that prunes. A selective sync and the `apply` strategy leave hooks out.
 */
export function buildTasks(pairs: readonly SyncPair[], request: SyncRequest): SyncTask[] {
  const runHooks = request.strategy === 'hook' && !isSelective(request);
  return pairs
    .filter((pair) => isChosen(pair, request))
    .flatMap((pair) => {
      if (!pair.target) return pruneTask(pair, request);
      const hooks = hookTypesOf(pair.target);
      if (!hooks) return applyTask(pair, pair.target, request);
      return runHooks ? hookTasks(pair, pair.target, request) : [];
    });
}

/** Whether the request names resources; an empty list names none and means all. */
export function isSelective(request: Pick<SyncRequest, 'resources'>): boolean {
  return (request.resources?.length ?? 0) > 0;
}

function isChosen({ key }: SyncPair, { resources }: SyncRequest): boolean {
  if (!resources || resources.length === 0) return true;
  return resources.some(
    (chosen) =>
      (chosen.group ?? '') === key.group &&
      chosen.kind === key.kind &&
      chosen.name === key.name &&
      (!chosen.namespace || chosen.namespace === key.namespace),
  );
}

function applyTask(pair: SyncPair, target: KubeObject, request: SyncRequest): SyncTask {
  const wave = waveOf(target);
  return {
    ...shared(pair, target, request),
    phase: 'Sync',
    wave,
    action: 'apply',
    hook: undefined,
    deletePolicies: [],
    outOfSync: pair.outOfSync,
    ...(pair.hiddenDrift ? { hiddenDrift: true } : {}),
    reason: `Wave ${wave} of the Sync phase, ${waveSource(target)}.`,
  };
}

function hookTasks(pair: SyncPair, target: KubeObject, request: SyncRequest): SyncTask[] {
  const phases = (hookTypesOf(target) ?? []).filter(isSyncPhase);
  return phases.map((phase) => hookTask({ pair, target, phase }, request));
}

function hookTask(
  { pair, target, phase }: { pair: SyncPair; target: KubeObject; phase: SyncPhase },
  request: SyncRequest,
): SyncTask {
  const object = hookObject(target, phase, request);
  const key = { ...pair.key, name: keyOf(object).name };
  const wave = waveOf(target);
  return {
    ...shared({ ...pair, key }, object, request),
    phase,
    wave,
    action: 'apply',
    hook: phase,
    deletePolicies: deletePoliciesOf(target),
    outOfSync: true,
    reason: `A ${phase} hook in wave ${wave}, ${waveSource(target)}: hooks run in every sync.`,
  };
}

function pruneTask(pair: SyncPair, request: SyncRequest): SyncTask[] {
  const live = pair.live?.object;
  if (!live || isHook(live)) return [];
  return [
    {
      ...shared(pair, live, request),
      target: undefined,
      phase: 'Sync',
      wave: waveOf(live),
      action: 'prune',
      hook: undefined,
      deletePolicies: [],
      outOfSync: true,
      reason: 'Not in the source any more.',
    },
  ];
}

function shared(pair: SyncPair, object: KubeObject, request: SyncRequest) {
  return {
    key: pair.key,
    version: splitApiVersion(object.apiVersion).version,
    target: object,
    live: pair.live,
    options: taskOptions(request, pair.target, pair.live?.object),
    dryRunnable: true,
    automatic: false,
  };
}

function waveSource(object: KubeObject): string {
  if (annotation(object, annotations.syncWave) !== undefined) return 'as its annotation says';
  return annotation(object, annotations.helmHookWeight) === undefined ? 'the default' : 'as its Helm weight says';
}
