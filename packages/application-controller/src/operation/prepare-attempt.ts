import { resourceProblem } from '@plumbline/access';
import { hasMultipleSources, type OperationState } from '@plumbline/apis';
import type { SecretMask } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { type KubeObject, keyString, parseJson, type ResourceKey } from '@plumbline/manifests';
import { buildPlan, type PlanContext, pruneWavesOf } from '@plumbline/sync';
import { type AppComparison, compareState } from '../compare/compare-state.ts';
import type { LiveReader } from '../compare/live-reader.ts';
import { ResourceComparer } from '../compare/resource-comparer.ts';
import type { Pass } from '../pass.ts';
import { revisionFields } from '../status/application-status.ts';
import { targetRequest } from '../steps/load-target.ts';
import { buildTargets, scopesOf } from '../target/build-targets.ts';
import { secretValuesOf } from '../target/secret-values.ts';
import type { TargetLoader, TargetState } from '../target/target-state.ts';
import { keptPruneWaves } from './prune-order.ts';
import { refuseShared } from './refuse-shared.ts';
import { type Attempt, attemptId, runNumber } from './running-operation.ts';
import { syncPairs } from './sync-pairs.ts';
import { operationSources, pinnedRevisions, syncRequest, syncsComparedTarget } from './sync-request.ts';

export interface PrepareOptions {
  loader: TargetLoader;
  waveDelayMs(): number;
  reader: LiveReader;
  mask: SecretMask;
}

/** Brings together what an attempt needs: its target, compared with what is live, and the plan. */
export async function prepareAttempt(pass: Pass, state: OperationState, options: PrepareOptions): Promise<Attempt> {
  const { destination, facts } = pass;
  const manifests = state.operation.sync?.manifests ?? [];
  if (!destination || !facts)
    throw new PlumblineError('INTERNAL', 'an operation was prepared before its destination was known');
  const target = await operationTarget(pass, state, options);
  const compared = target === pass.target && pass.comparison !== undefined;
  const comparer = compared ? pass.runtime.comparer : new ResourceComparer();
  const comparison =
    compared && pass.comparison ? pass.comparison : await compareTarget(pass, target, { comparer, options });
  const namespace = destination.live.get({ group: '', kind: 'Namespace', namespace: '', name: facts.namespace });
  const revision = target.revisions[0] ?? '';
  const made = syncRequest(pass.app, state, {
    revision,
    namespaceExists: namespace !== undefined && namespace.deletionTimestamp === undefined,
    waveDelayMs: options.waveDelayMs(),
  });
  const request = { ...made, run: runNumber(pass.runtime, state) };
  refuseShared(comparison, request);
  const context = await planContext(pass, comparison, state);
  const referee = options.reader.forDestination(destination);
  const pairs = await syncPairs(comparison, { rules: pass.rules, referee, request });
  const plan = buildPlan(pairs, request, context);
  const pruneWaves = [...new Set([...pruneWavesOf(pairs, request), ...(context.pruneWaves ?? [])])];
  const memory = { rehearsed: [], dismissed: [], released: [] };
  const secretValues = async () =>
    manifests.length > 0 ? secretValuesOf(localObjects(manifests), options.mask) : options.loader.secretValues(target);
  const differences = new Map(comparison.resources.map((item) => [keyString(item.key), item.comparison?.differences]));
  const differencesOf = (key: ResourceKey) => differences.get(keyString(key)) ?? [];
  return {
    id: attemptId(state),
    target,
    secretValues,
    request,
    plan,
    pairs,
    pruneWaves,
    differencesOf,
    comparer,
    memory,
  };
}

/** What the sync result says of the source, once the target is known. */
export function sourceFields(
  pass: Pass,
  state: OperationState,
  target: TargetState,
): NonNullable<OperationState['syncResult']> {
  const sources = operationSources(pass.app, state.operation);
  const multiple =
    (state.operation.sync?.sources?.length ?? 0) > 0 ||
    (!state.operation.sync?.source && hasMultipleSources(pass.app.spec));
  const metadata = pass.app.spec.syncPolicy?.managedNamespaceMetadata;
  return {
    revision: '',
    ...revisionFields(multiple, target.revisions),
    ...(multiple ? { sources } : sources[0] ? { source: sources[0] } : {}),
    ...(metadata ? { managedNamespaceMetadata: metadata } : {}),
  };
}

async function operationTarget(
  pass: Pass,
  state: OperationState,
  { loader, mask }: PrepareOptions,
): Promise<TargetState> {
  const { operation, syncResult } = state;
  const manifests = operation.sync?.manifests ?? [];
  if (manifests.length > 0) {
    loader.refuseLocalManifests(pass.project, operationSources(pass.app, operation));
    return localTarget(
      pass,
      localObjects(manifests).map((object) => mask.mask(object)),
    );
  }
  const resumed = resumedRevisions(syncResult);
  const pinned = resumed ?? pinnedRevisions(operation);
  const own = !operation.sync?.source && (operation.sync?.sources?.length ?? 0) === 0;
  const same = own && pass.target && pinned.every((revision, index) => revision === pass.target?.revisions[index]);
  if (pass.target && (same || (syncsComparedTarget(operation) && !resumed))) return pass.target;
  return loader.load({
    ...targetRequest(pass, undefined),
    sources: operationSources(pass.app, operation),
    pinned,
    noCache: false,
  });
}

/** The revisions that the attempt began with, before a restart. */
function resumedRevisions(result: OperationState['syncResult']): string[] | undefined {
  if (!result) return undefined;
  if (result.revisions && result.revisions.length > 0) return result.revisions;
  return result.revision ? [result.revision] : undefined;
}

function localObjects(manifests: readonly string[]): KubeObject[] {
  return manifests.map((text) => parseJson(text) as unknown as KubeObject);
}

/** Manifests that the operation brings itself (reference §1.4), instead of rendered ones. */
async function localTarget(pass: Pass, objects: readonly KubeObject[]): Promise<TargetState> {
  const { facts } = pass;
  if (!facts) throw new PlumblineError('INTERNAL', 'local manifests were placed before their destination was known');
  const { targets, repeated, excluded } = buildTargets(objects, facts, await scopesOf(objects, facts));
  return {
    revisions: [...(pass.target?.revisions ?? [])],
    sourceTypes: [],
    parts: [],
    targets,
    repeated,
    excluded,
    warnings: [],
  };
}

/** Compares a target that is not the one that the Application is compared with. */
export async function compareTarget(
  pass: Pass,
  target: TargetState,
  { comparer, options }: { comparer: ResourceComparer; options: Pick<PrepareOptions, 'reader'> },
): Promise<AppComparison> {
  if (!pass.destination) throw new PlumblineError('INTERNAL', 'a target was compared before its destination was known');
  return compareState({
    app: pass.app,
    application: pass.application,
    target,
    live: pass.destination.live,
    comparer,
    rules: pass.rules,
    tracking: pass.facts?.tracking,
    ...options.reader.forDestination(pass.destination),
  });
}

async function planContext(pass: Pass, comparison: AppComparison, state: OperationState): Promise<PlanContext> {
  const kinds = comparison.resources.flatMap(({ target }) => (target ? [target.object] : []));
  const isNamespaced = pass.facts ? await scopesOf(kinds, pass.facts) : () => undefined;
  const namespaceKind = { apiVersion: 'v1', kind: 'Namespace' };
  return {
    kindKnown: (apiVersion, kind) =>
      isNamespaced({ apiVersion, kind }) !== undefined ||
      (apiVersion === namespaceKind.apiVersion && kind === namespaceKind.kind)
        ? 'known'
        : 'unknown',
    permitted: (key) => permitted(pass, key),
    results: (state.syncResult?.resources ?? []) as NonNullable<PlanContext['results']>,
    pruneWaves: keptPruneWaves(pass.app, state),
  };
}

/** Why the project forbids the object, or undefined (reference §2.1, 8). */
export function permitted(pass: Pass, key: ResourceKey): string | undefined {
  const { project, destination } = pass;
  if (!project || !destination) return undefined;
  const { server, name, clusterProject } = destination;
  const { namespace } = key;
  const place = { server, name, namespace, clusterProject };
  return resourceProblem(project, { ...key, namespaced: namespace !== '' }, place);
}
