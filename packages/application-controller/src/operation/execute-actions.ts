import type { SecretMask } from '@plumbline/cluster';
import { applicable } from '@plumbline/diff';
import { errorMessage, hasCode, retryClass } from '@plumbline/errors';
import { isSecret, joinApiVersion, type KubeObject, type ResourceKey } from '@plumbline/manifests';
import type { ActionOutcome, SyncAction, SyncTask } from '@plumbline/sync';
import { type ComparerRules, type ResourceComparer, rulesFor } from '../compare/resource-comparer.ts';
import { respectRules } from '../compare/selected-paths.ts';
import type { Destination } from '../destination/destinations.ts';
import { refOf } from '../object-ref.ts';
import { revealSecret, type SecretValues } from '../target/secret-values.ts';
import { deleteObject } from './delete-object.ts';
import { explainRefusal } from './explain-refusal.ts';
import { forEachLimited } from './for-each-limited.ts';
import { handOver, type Owner } from './hand-over.ts';
import { releaseHook } from './release-hook.ts';
import { type Migration, rehearseWrite, writeObject } from './write-object.ts';

export interface ExecuteContext {
  destination: Destination;
  mask: SecretMask;
  comparer: ResourceComparer;
  rules: ComparerRules;
  /** `RespectIgnoreDifferences=true`. */
  respectIgnoreDifferences: boolean;
  /** How an apply takes over from client-side applies; default: it does. */
  migration?: Migration;
  /** The values of the Secrets to apply. Asked for only when there is one. */
  secretValues(): Promise<SecretValues>;
  /** What keeps a prune from deleting what has moved: the own tracking name, and who else renders an object now. */
  moves?: { application: string; ownerElsewhere(key: ResourceKey): Owner | undefined };
}

/** Requests under way at once for one operation. */
const parallel = 32;

/** Executes actions side by side. A refusal by the server is an outcome; only what may work again soon is thrown. */
export async function executeActions(
  actions: readonly SyncAction[],
  context: ExecuteContext,
): Promise<ActionOutcome[]> {
  return forEachLimited(actions, parallel, async (action) => {
    try {
      return { action, ...(await execute(action, context)) };
    } catch (error) {
      if (retryClass(error) === 'transient' && hasCode(error, 'TARGET_NOT_CACHED')) throw error;
      return { action, error: explainRefusal(errorMessage(error), action.task) };
    }
  });
}

type Done = Pick<ActionOutcome, 'verb' | 'note' | 'handedOver'>;

async function execute(action: SyncAction, context: ExecuteContext): Promise<Done> {
  const { task } = action;
  switch (action.kind) {
    case 'dry-run':
      return rehearse(task, context);
    case 'apply':
      return applyTask(task, context);
    case 'prune':
      return pruneObject(task, context);
    case 'delete-hook':
      await releaseHook(hookRef(task), context);
      await deleteObject(task.key, joinApiVersion(task.key.group, task.version), {
        destination: context.destination,
        propagation: 'Foreground',
        uid: action.uid,
      });
      return {};
    case 'release-hook':
      await releaseHook(hookRef(task), context);
      return {};
    default:
      return action satisfies never;
  }
}

function hookRef({ key, version }: SyncTask) {
  return { key, apiVersion: joinApiVersion(key.group, version) };
}

/** Deletes an object, unless it is another Application's by now: because that has taken it, or because it renders it. */
async function pruneObject(task: SyncTask, context: ExecuteContext): Promise<Done> {
  const { destination } = context;
  const taken = destination.live.get(task.key)?.application;
  if (taken && context.moves && taken !== context.moves.application) return { handedOver: taken };
  const owner = context.moves?.ownerElsewhere(task.key);
  if (owner) {
    await handOver({ key: task.key, version: task.version, uid: task.live?.object.metadata.uid }, owner, context);
    return { handedOver: owner.target.facts.application };
  }
  await deleteObject(task.key, joinApiVersion(task.key.group, task.version), {
    destination,
    propagation: task.options.propagationPolicy,
    uid: task.live?.object.metadata.uid,
  });
  return {};
}

/** A server-side dry run; skipped where the comparison has just had the server's answer for this very pair. */
async function rehearse(task: SyncTask, context: ExecuteContext): Promise<Done> {
  if (task.action !== 'apply' || !task.target) return {};
  const object = await realObject(task, task.target, context);
  await rehearseWrite(task, object, context);
  return {};
}

async function applyTask(task: SyncTask, context: ExecuteContext): Promise<Done> {
  if (!task.target) return {};
  const object = await realObject(task, task.target, context);
  const { destination, mask, comparer, rules } = context;
  const { answer, ...done } = await writeObject(task, object, context);
  const masked = mask.mask(answer);
  destination.live.observe(masked);
  const exactly = !context.respectIgnoreDifferences && !task.hook && !task.options.clientSideApply;
  if (exactly) comparer.applied(task.target, masked, rules);
  if (task.key.kind === 'CustomResourceDefinition') await waitForKind(object, destination);
  return done;
}

/** The object as it is sent: real values in place of digests, ignored fields as live has them where that is asked for. */
async function realObject(task: SyncTask, target: KubeObject, context: ExecuteContext): Promise<KubeObject> {
  const secret = isSecret(target);
  const object = secret ? revealSecret(target, await context.secretValues()) : target;
  const known = context.destination.live.get(task.key)?.object ?? task.live?.object;
  if (!context.respectIgnoreDifferences || !known) return applicable(object);
  const live = secret ? await context.destination.client.find(refOf(task.key, target.apiVersion)) : known;
  if (!live) return applicable(object);
  const { jqTimeoutMs: timeoutMs } = context.rules;
  return applicable(await respectRules(object, live, { rules: rulesFor(target, context.rules), timeoutMs }));
}

const establishMs = 3_000;

/** Custom resources of the same sync follow: waits shortly until the new kind is served (reference §2.3). */
async function waitForKind(definition: KubeObject, { client, live }: Destination): Promise<void> {
  const spec = definition['spec'] as
    | { group?: string; names?: { kind?: string }; versions?: { name: string; served?: boolean }[] }
    | undefined;
  const version = spec?.versions?.find((item) => item.served !== false)?.name;
  if (!spec?.group || !spec.names?.kind || !version) return;
  const kind = { apiVersion: `${spec.group}/${version}`, kind: spec.names.kind };
  const deadline = performance.now() + establishMs;
  while (performance.now() < deadline) {
    await client.discovery.refresh();
    if (await client.discovery.find(kind)) {
      await live.ensureWatched(kind);
      return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}
