import { type Application, annotations, normalizeSpec, ownAnnotations } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import { deepEqual, type JsonValue } from '@plumbline/manifests';
import type { ApplicationStore } from '../application-store.ts';
import type { AppComparison } from '../compare/compare-state.ts';
import { wantedFinalizers } from '../deletion/application-finalizers.ts';
import { pruneWavesNote } from '../operation/prune-order.ts';
import { type Pass, timestamp } from '../pass.ts';
import { applicationStatus, ownFacts } from '../status/application-status.ts';
import { Below } from '../status/below.ts';
import { stampConditions } from '../status/conditions.ts';
import { mergePatch } from '../status/merge-patch.ts';
import type { TargetState } from '../target/target-state.ts';
import { unknownComparison } from './compare.ts';

export interface PatchOptions {
  client: KubeClient;
  store: ApplicationStore;
}

export interface ReportOptions extends PatchOptions {
  controlNamespace: string;
  /** Whether to store the health of each object, now. */
  persistHealth?(): boolean;
}

type OwnNotes = Partial<
  Record<'recentDeletions' | 'operations' | 'writes' | 'usedApproval' | 'usedTrace' | 'pruneWaves', string | undefined>
>;

/** What of an Application the controller writes, beside its status. */
interface Desired {
  /** The operation to leave in the custom resource; undefined removes it. */
  operation: Application['operation'];
  status: Application['status'];
  /** Take the refresh annotation off. */
  refreshDone: boolean;
  spec: Application['spec'];
  /** Default: as they are. */
  finalizers?: readonly string[] | undefined;
  /** Annotations of our own; what is undefined stays as it is. */
  notes?: OwnNotes;
}

/** Builds the wanted state from the newest version of the Application; undefined = leave it alone. */
type Want = (newest: Application) => Desired | undefined;

const attempts = 5;

/**
 * The one status patch of a pass (design decision 9), and none where nothing changed. It carries the resourceVersion
 * that it was computed from: if the Application changed meanwhile, the patch is computed again from the newer one.
 */
export async function patchApplication(app: Application, want: Want, options: PatchOptions): Promise<Application> {
  const { client, store } = options;
  const ref = {
    apiVersion: app.apiVersion,
    kind: app.kind,
    namespace: app.metadata.namespace ?? '',
    name: app.metadata.name ?? '',
  };
  let newest = store.get(`${ref.namespace}/${ref.name}`) ?? app;
  for (let attempt = 1; ; attempt += 1) {
    const desired = newest.metadata.uid === app.metadata.uid ? want(newest) : undefined;
    const patch = desired && patchOf(newest, desired);
    if (!patch) return newest;
    const { resourceVersion } = newest.metadata;
    const { metadata, ...rest } = patch;
    const body = { ...rest, metadata: { ...(metadata as object | undefined), resourceVersion } };
    try {
      const answer = (await client.patch(ref, body, {
        type: 'merge',
        fieldManager: 'argocd-controller-status',
      })) as unknown as Application;
      store.observe(answer);
      return answer;
    } catch (error) {
      if (hasCode(error, 'KUBE_NOT_FOUND')) return newest;
      if (!hasCode(error, 'KUBE_CONFLICT') || attempt >= attempts) throw error;
      const found = await client.find(ref);
      if (!found) return newest;
      newest = found as unknown as Application;
      store.discover(newest);
    }
  }
}

function patchOf(app: Application, desired: Desired): Record<string, unknown> | undefined {
  const owned = (value: Pick<Application, 'operation' | 'status' | 'spec'>, metadata: object) => ({
    spec: value.spec,
    operation: value.operation,
    status: value.status,
    metadata,
  });
  const refresh = app.metadata.annotations?.[annotations.refresh];
  const { finalizers } = app.metadata;
  const { recentDeletions, operations, writes, deletionApproved: approved, traceparent: trace } = ownAnnotations;
  const { pruneWaves } = ownAnnotations;
  const known = app.metadata.annotations ?? {};
  const { notes: own = {} } = desired;
  const notes = (asked: string | undefined, written: OwnNotes, operating = true) => ({
    [annotations.refresh]: asked,
    [recentDeletions]: written.recentDeletions ?? known[recentDeletions],
    [operations]: written.operations ?? known[operations],
    [writes]: written.writes ?? known[writes],
    [trace]: known[trace] === written.usedTrace ? undefined : known[trace],
    [pruneWaves]: operating ? (written.pruneWaves ?? known[pruneWaves]) : undefined,
    // An approval is good for one operation.
    [approved]: known[approved] === written.usedApproval ? undefined : known[approved],
  });
  return mergePatch(
    owned(app, { annotations: notes(refresh, {}), finalizers }),
    owned(desired, {
      annotations: notes(desired.refreshDone ? undefined : refresh, own, desired.operation !== undefined),
      finalizers: desired.finalizers ?? finalizers,
    }),
  );
}

/** Writes what the pass found out. */
export async function report(pass: Pass, options: ReportOptions): Promise<Application> {
  const comparison = pass.comparison ?? unknownComparison(pass);
  pass.runtime.comparison = comparison;
  const below = belowOf(pass, comparison);
  pass.runtime.below = below;
  const seen = pass.app;
  return patchApplication(
    seen,
    (newest) => {
      const { operation, operationState } = operationToWrite(pass, newest);
      const status = applicationStatus(newest, {
        comparison,
        target: pass.target,
        sources: pass.sources,
        findings: pass.findings,
        operationState,
        history: pass.history ?? newest.status?.history,
        now: timestamp(new Date()),
        refreshed: pass.refreshed,
        controllerNamespace: options.controlNamespace,
        below,
        persistHealth: options.persistHealth?.() ?? false,
      });
      const sameRequest = refreshOf(newest) === refreshOf(seen);
      const refreshDone = sameRequest && (pass.refreshed || pass.comparison === undefined);
      const finalizers = pass.target && finalizersToWrite(newest, pass.target);
      const { operations: past } = pass.runtime;
      const usedApproval = pass.operation ? undefined : past.approvalOf(pass.operationState?.startedAt);
      const usedTrace = seen.metadata.annotations?.[ownAnnotations.traceparent];
      const texts = {
        recentDeletions: past.deletionsText(),
        operations: past.recordsText(),
        writes: past.writesText(),
      };
      const pruneWaves = pruneWavesNote(operationState, pass.runtime.attempt);
      const notes = { ...texts, usedApproval, usedTrace, pruneWaves };
      const spec = normalizeSpec(newest.spec);
      return { operation, status, refreshDone, spec, finalizers, notes };
    },
    options,
  );
}

function belowOf({ destination, application }: Pass, { resources }: AppComparison): Below | undefined {
  if (!destination) return undefined;
  return new Below(resources, { application, live: destination.live, own: ownFacts(resources) });
}

/** Those for hooks of the deletion come and go with the hooks; of an Application that goes none come any more. */
function finalizersToWrite(app: Application, { targets }: TargetState): readonly string[] | undefined {
  if (app.metadata.deletionTimestamp) return undefined;
  return wantedFinalizers(
    app,
    targets.map(({ object }) => object),
  );
}

/**
 * Writes the operation and its state as they stand, in the middle of a pass; of an Application that shows no comparison
 * yet also what was found, because the pass may take minutes more.
 */
export async function persistOperation(pass: Pass, options: ReportOptions): Promise<void> {
  pass.announced = pass.operation;
  if (pass.comparison && !pass.app.status?.sync) {
    await report(pass, options);
    return;
  }
  await patchApplication(
    pass.app,
    (newest) => {
      const { operation, operationState } = operationToWrite(pass, newest);
      const status = { ...newest.status, operationState };
      const notes = { pruneWaves: pruneWavesNote(operationState, pass.runtime.attempt) };
      return { operation, status, refreshDone: false, spec: newest.spec, notes };
    },
    options,
  );
}

/**
 * The operation and its state to leave in the newest version: those of the pass, unless somebody asked for another
 * operation meanwhile: then it is theirs, and the next pass takes it up. A termination asked for meanwhile stays asked for.
 */
function operationToWrite(pass: Pass, newest: Application): Pick<Pass, 'operation' | 'operationState'> {
  const known = newest.status?.operationState;
  const replaced = newest.operation !== undefined && !sameOperation(newest, pass.app) && !isOwn(pass, newest);
  if (replaced) return { operation: newest.operation, operationState: known };
  const state = pass.operationState;
  const terminating =
    known?.phase === 'Terminating' && state?.phase === 'Running' && known.startedAt === state.startedAt;
  return { operation: pass.operation, operationState: terminating ? { ...state, phase: 'Terminating' } : state };
}

/** Whether the newest version holds the operation that this very pass has put there. */
function isOwn({ operation, announced }: Pass, newest: Application): boolean {
  return [operation, announced].some(
    (own) => own !== undefined && deepEqual(own as JsonValue, newest.operation as JsonValue),
  );
}

function refreshOf(app: Application): string | undefined {
  return app.metadata.annotations?.[annotations.refresh];
}

/**
 * Writes what hinders the deletion of an Application, and the end of an operation that was taken back; the rest of its
 * status stays as it was, and an operation that somebody asked for meanwhile is for the next pass.
 */
export async function reportDeletion(pass: Pass, options: ReportOptions): Promise<void> {
  const now = timestamp(new Date());
  await patchApplication(
    pass.app,
    ({ status, spec, operation }) => {
      const conditions = stampConditions(pass.findings, status?.conditions ?? [], now);
      const shown = conditions.length > 0 ? conditions : undefined;
      const operationState = operation ? status?.operationState : pass.operationState;
      return { operation, status: { ...status, conditions: shown, operationState }, refreshDone: true, spec };
    },
    options,
  );
}

function sameOperation(a: Application, b: Application): boolean {
  return deepEqual(a.operation as JsonValue, b.operation as JsonValue);
}
