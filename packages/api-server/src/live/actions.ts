import { resourceProblem } from '@plumbline/access';
import { type Application, type AppProject, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient, ObjectRef } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import type { ActionOperation, Actions } from '@plumbline/health';
import { groupKindOf, type KubeObject } from '@plumbline/manifests';
import type { LiveResourceQuery } from '@plumbline/protocol';
import type { DestinationCluster } from '@plumbline/settings';
import type { Rights } from '../access/rights.ts';
import { findApplication } from '../applications/lookup.ts';
import { apiFailure } from '../http/api-failure.ts';
import { liveObject } from './live-object.ts';
import type { LiveParts } from './live-parts.ts';
import { mergePatch } from './merge-patch.ts';
import { discreetly, withoutValues } from './secret-actions.ts';

/** What the routes of actions work with. */
export type ActionParts = LiveParts & {
  actions: Actions;
  resolveDestination(destination: Application['spec']['destination']): DestinationCluster;
  now(): Date;
  /** The project with what global projects add to it (reference §9.2). */
  effective(project: AppProject): AppProject;
};

/** The object that an action is for. */
export interface ActionTarget {
  params: { name: string };
  query: LiveResourceQuery;
  signal: AbortSignal;
  rights: Rights;
}

/** Users' changes have the field manager of the API: they are not part of what a sync owns. */
const fieldManager = 'argocd-server';

interface Subject {
  app: Application;
  client: KubeClient;
  ref: ObjectRef;
  object: KubeObject;
}

async function subjectOf(parts: ActionParts, target: ActionTarget, action?: string): Promise<Subject> {
  const { params, query, rights } = target;
  const verb = action === undefined ? undefined : (`action/${query.group}/${query.kind}/${action}` as const);
  const { client, ref } = await liveObject(parts, { ...target, ...(verb ? { verb } : {}), orphans: false });
  const app = await findApplication(parts, { name: params.name, ...query, rights, actions: [verb ?? 'get'] });
  const found = await client.get(ref, { signal: target.signal });
  const { managedFields: _, ...metadata } = found.metadata;
  return { app, client, ref, object: { ...found, metadata } };
}

/** What an object of the Application offers now. */
export async function listActions(parts: ActionParts, target: ActionTarget) {
  const { object } = await subjectOf(parts, target);
  return { actions: await parts.actions.list(withoutValues(object)) };
}

/**
 * Runs an action on an object of the Application: every operation is checked before the first is carried out. An action may
 * change its own object only, and create what the project permits at the Application's destination.
 */
export async function runAction(
  parts: ActionParts,
  target: ActionTarget,
  { name, parameters }: { name: string; parameters: Readonly<Record<string, string>> },
): Promise<void> {
  const subject = await subjectOf(parts, target, name);
  await discreetly(subject.object, async () => {
    const operations = await parts.actions.run(subject.object, name, { parameters, now: parts.now() });
    for (const operation of operations) await check(parts, subject, operation);
    for (const operation of operations) await carryOut(subject, operation, target.signal);
  });
}

async function check(parts: ActionParts, subject: Subject, { operation, resource }: ActionOperation): Promise<void> {
  if (operation === 'create') return checkCreation(parts, subject, resource);
  const { object } = subject;
  const same =
    resource.apiVersion === object.apiVersion &&
    resource.kind === object.kind &&
    resource.metadata.name === object.metadata.name &&
    (resource.metadata.namespace ?? '') === (object.metadata.namespace ?? '');
  if (!same) throw apiFailure('InvalidArgument', 'an action may change no other object than its own');
}

async function checkCreation(parts: ActionParts, { app, client }: Subject, resource: KubeObject): Promise<void> {
  const { project: projectName, destination } = app.spec;
  const ref = { apiVersion: applicationApiVersion, kind: 'AppProject', namespace: parts.namespace, name: projectName };
  // The API server has checked an AppProject it returns against its CRD.
  const found = (await parts.client.find(ref)) as unknown as AppProject | null;
  const project = found && parts.effective(found);
  if (!project) throw apiFailure('FailedPrecondition', `the project ${projectName} does not exist`);
  const kind = await client.discovery.find(resource);
  const { name } = resource.metadata;
  if (!kind) throw apiFailure('FailedPrecondition', `the cluster has no ${resource.kind} of ${resource.apiVersion}`);
  const { server, name: cluster, project: clusterProject } = parts.resolveDestination(destination);
  const namespace = resource.metadata.namespace ?? '';
  const problem = resourceProblem(
    project,
    { ...groupKindOf(resource), name: name ?? '', namespaced: kind.namespaced },
    { server, name: cluster, namespace, clusterProject },
  );
  if (problem) throw apiFailure('PermissionDenied', problem);
}

async function carryOut(
  subject: Subject,
  { operation, resource }: ActionOperation,
  signal: AbortSignal,
): Promise<void> {
  const { client, ref, object } = subject;
  if (operation === 'create') {
    await client.create(resource, { fieldManager, signal });
    return;
  }
  const patch = mergePatch(object, resource);
  if (!patch) return;
  const { status, ...rest } = patch;
  const options = { type: 'merge', fieldManager, signal } as const;
  // Where the kind has a subresource for it, the status is ignored in a patch of the object itself.
  const stays = status === undefined || (await patchStatus());
  const whole = stays ? rest : patch;
  if (Object.keys(whole).length > 0) await client.patch(ref, whole, options);

  async function patchStatus(): Promise<boolean> {
    try {
      await client.patch({ ...ref, subresource: 'status' }, { status }, options);
      return true;
    } catch (error) {
      if (hasCode(error, 'KUBE_NOT_FOUND')) return false;
      throw error;
    }
  }
}
