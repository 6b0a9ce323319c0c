import { type Application, annotations, normalizeSpec } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import type { ApplicationStore } from '../application-store.ts';
import { type Pass, timestamp } from '../pass.ts';
import { applicationStatus } from '../status/application-status.ts';
import { stampConditions } from '../status/conditions.ts';
import { mergePatch } from '../status/merge-patch.ts';
import { unknownComparison } from './compare.ts';

export interface PatchOptions {
  client: KubeClient;
  store: ApplicationStore;
}

export interface ReportOptions extends PatchOptions {
  controlNamespace: string;
}

/** What of an Application the controller writes, beside its status. */
interface Desired {
  /** The operation to leave in the custom resource; undefined removes it. */
  operation: Application['operation'];
  status: Application['status'];
  /** Take the refresh annotation off. */
  refreshDone: boolean;
  spec: Application['spec'];
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
      store.observe(newest);
    }
  }
}

function patchOf(app: Application, desired: Desired): Record<string, unknown> | undefined {
  const owned = (value: Pick<Application, 'operation' | 'status' | 'spec'>, refresh: string | undefined) => ({
    spec: value.spec,
    operation: value.operation,
    status: value.status,
    metadata: { annotations: { [annotations.refresh]: refresh } },
  });
  const refresh = app.metadata.annotations?.[annotations.refresh];
  return mergePatch(owned(app, refresh), owned(desired, desired.refreshDone ? undefined : refresh));
}

/** Writes what the pass found out. */
export async function report(pass: Pass, options: ReportOptions): Promise<Application> {
  const comparison = pass.comparison ?? unknownComparison(pass);
  pass.runtime.comparison = comparison;
  const seen = pass.app;
  return patchApplication(
    seen,
    (newest) => {
      // Somebody asked for another operation meanwhile: it is theirs, and the next pass takes it up.
      const replaced = newest !== seen && !sameOperation(newest, seen) && newest.operation !== undefined;
      const status = applicationStatus(newest, {
        comparison,
        target: pass.target,
        sources: pass.sources,
        findings: pass.findings,
        untouched: pass.untouched,
        operationState: replaced ? newest.status?.operationState : pass.operationState,
        history: pass.history ?? newest.status?.history,
        now: timestamp(new Date()),
        refreshed: pass.refreshed,
        controllerNamespace: options.controlNamespace,
      });
      return {
        operation: replaced ? newest.operation : pass.operation,
        status,
        refreshDone: pass.refreshed || pass.comparison === undefined,
        spec: normalizeSpec(newest.spec),
      };
    },
    options,
  );
}

/** Writes what hinders the deletion of an Application; the rest of its status stays as it was. */
export async function reportDeletion(pass: Pass, options: ReportOptions): Promise<void> {
  const now = timestamp(new Date());
  await patchApplication(
    pass.app,
    ({ status, spec }) => {
      const conditions = stampConditions(pass.findings, status?.conditions ?? [], { now, untouched: new Set() });
      const shown = conditions.length > 0 ? conditions : undefined;
      return { operation: undefined, status: { ...status, conditions: shown }, refreshDone: true, spec };
    },
    options,
  );
}

function sameOperation(a: Application, b: Application): boolean {
  return JSON.stringify(a.operation) === JSON.stringify(b.operation);
}
