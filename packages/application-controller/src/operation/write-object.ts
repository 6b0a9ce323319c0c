import type { KubeClient, LiveState } from '@plumbline/cluster';
import { ourApply } from '@plumbline/diff';
import { errorMessage, hasCode } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { ActionOutcome, SyncTask } from '@plumbline/sync';
import { fieldManager } from '../field-manager.ts';
import { claimFields } from './claim-fields.ts';
import { clientSideApply } from './client-side/client-side-apply.ts';
import { clearLeftovers } from './leftover-fields.ts';
import { hasFormerFields, migrateOwnership } from './migrate-ownership.ts';
import { recreate } from './recreate.ts';
import { replaceObject } from './replace-object.ts';
import { serverSideApply } from './server-side-apply.ts';

/** How an apply takes over from client-side applies. */
export interface Migration {
  /** `ClientSideApplyMigration=false` switches it off. */
  enabled: boolean;
  /** Further managers to take over from. */
  managers: readonly string[];
}

export interface WriteContext {
  destination: { client: KubeClient; live: LiveState };
  /** Default: from kubectl, and from Argo CD. */
  migration?: Migration;
}

/** What a rehearsal needs of {@link WriteContext}. */
export interface RehearsalContext extends Pick<WriteContext, 'migration'> {
  destination: Pick<WriteContext['destination'], 'client'>;
}

/** What a write came to. */
export type Written = Pick<ActionOutcome, 'verb' | 'note'> & { answer: KubeObject };

/**
 * Writes an object as the options of its task ask (reference §2.3): Replace puts it in place of the live one, with Force
 * always by deleting that first; an apply with Force does so where the server refuses the change. A binding is made anew
 * when its role has changed.
 */
export async function writeObject(task: SyncTask, object: KubeObject, context: WriteContext): Promise<Written> {
  const { destination } = context;
  const { replace, force } = task.options;
  const live = task.live?.object;
  const again = async () => ({
    answer: await recreate(object, { ...destination, make: maker(task, destination.client) }),
    verb: 'replaced' as const,
  });
  if (replace && force && live && !staysInPlace(object)) return again();
  try {
    if (replace) return await replaceObject(object, destination.client);
    return await apply(task, object, context);
  } catch (error) {
    if (!mayRecreate(error, task, object)) throw error;
    return again();
  }
}

/** The same as a question: what the server would say. */
export async function rehearseWrite(task: SyncTask, object: KubeObject, context: RehearsalContext): Promise<void> {
  const { client } = context.destination;
  const { replace, clientSideApply: clientSide } = task.options;
  try {
    if (replace && task.live) await replaceObject(object, client, { dryRun: true });
    else if (clientSide) await clientSideApply(client, object, { dryRun: true });
    else await serverSideApply(client, object, { dryRun: true });
  } catch (error) {
    if (mayRecreate(error, task, object)) return;
    const inPlace = !replace && !clientSide && hasCode(error, 'KUBE_INVALID');
    if (!inPlace) throw error;
    if (await clearLeftovers(client, object, { refusal: error.message, dryRun: true })) return;
    if (!takesOver(task.live?.object, context.migration)) throw error;
    // A server-side dry run cannot know that the fields of a client-side apply go first; its patch takes them off.
    await clientSideApply(client, object, { dryRun: true });
  }
}

/** Whether an apply first takes over fields of a client-side apply. */
function takesOver(live: KubeObject | undefined, migration: Migration | undefined): boolean {
  return live !== undefined && migration?.enabled !== false && hasFormerFields(live, migration?.managers);
}

/** Whether the object is made anew because of this refusal: with Force, and a binding whose role has changed, as in Argo CD. */
function mayRecreate(error: unknown, { options }: SyncTask, object: KubeObject): boolean {
  if (!hasCode(error, 'KUBE_INVALID') || staysInPlace(object)) return false;
  const binding = object.apiVersion.startsWith('rbac.authorization.k8s.io/') && object.kind.endsWith('RoleBinding');
  return options.force || (binding && errorMessage(error).includes('cannot change roleRef'));
}

async function apply(task: SyncTask, object: KubeObject, context: WriteContext): Promise<Written> {
  const { destination, migration } = context;
  if (task.options.clientSideApply) {
    const { object: answer, verb } = await clientSideApply(destination.client, object);
    return { answer, verb };
  }
  const live = task.live?.object;
  const migrates = live !== undefined && migration?.enabled !== false;
  if (migrates) await migrateOwnership(live, destination.client, migration?.managers);
  const { object: answer, leftOut } = await serverSideApply(destination.client, object);
  const first = migrates && !ourApply(live, fieldManager);
  return {
    answer: first ? await claimFields(answer, destination.client) : answer,
    verb: 'serverside-applied',
    ...(leftOut.length > 0 ? { note: `left out: ${leftOut.join(', ')}` } : {}),
  };
}

/** How an object is made anew after its deletion. */
function maker({ options }: SyncTask, client: KubeClient) {
  if (options.replace) return (object: KubeObject) => client.create(object, { fieldManager });
  if (options.clientSideApply) return async (object: KubeObject) => (await clientSideApply(client, object)).object;
  return (object: KubeObject) => client.apply(object, { fieldManager, force: true });
}

/** Deleting these would take along what lives in them. */
function staysInPlace({ kind, apiVersion }: KubeObject): boolean {
  return (
    (kind === 'Namespace' && apiVersion === 'v1') ||
    (kind === 'CustomResourceDefinition' && apiVersion.startsWith('apiextensions.k8s.io/'))
  );
}
