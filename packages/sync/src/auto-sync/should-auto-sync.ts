import type { Operation, OperationState, ResourceStatus, SyncPolicy, SyncStatusCode } from '@plumbline/apis';
import { resultId } from '../task-id.ts';
import type { ResourceResult } from '../types.ts';
import { attemptAt, type ComparedState, revisionList } from './attempt.ts';
import { nextHeal, type SelfHeal, type SelfHealSettings, selfHealDefaults } from './self-heal.ts';

export interface AutoSyncInput extends ComparedState {
  policy: SyncPolicy | undefined;
  /** An operation is requested or running. */
  operationPending: boolean;
  /** The Application carries a deletionTimestamp. */
  deleting: boolean;
  syncStatus: SyncStatusCode;
  /** `status.resources` of the comparison. */
  resources: readonly ResourceStatus[];
  /** The namespace metadata that the Application manages differs: a difference that no resource shows. */
  namespaceDiffers?: boolean;
  /** `status.operationState`. */
  last: OperationState | undefined;
  /** Why a sync window forbids automation now. */
  windowDenies?: string;
  selfHeal?: SelfHealSettings;
  /** Epoch ms. */
  now: number;
}

export type AutoSyncDecision =
  | { sync: true; reason: string; operation: Operation }
  | {
      sync: false;
      reason: string;
      /** To be shown while this holds; absent = an earlier SyncError of automation is over. */
      condition?: { type: 'SyncError'; message: string };
      /** Decide again after this time: a self-heal is due then. */
      retryAfterMs?: number;
    };

/** Automated operations are retried five times unless the policy says otherwise. */
const defaultRetry = { limit: 5 };

/** Whether automation starts a sync now, and which one (reference §4.2, §4.3). */
export function shouldAutoSync(input: AutoSyncInput): AutoSyncDecision {
  const idle = reasonToStayIdle(input);
  if (idle !== undefined) return { sync: false, reason: idle };
  const attempt = attemptAt(input, input.last);
  if (!attempt) return guardAgainstWipe(input) ?? start(input, 'the source has something new');
  if (attempt.phase !== 'Succeeded') {
    const message = `Failed last sync attempt to ${revisionList(input)}: ${attempt.message ?? ''}`;
    return { sync: false, reason: message, condition: { type: 'SyncError', message } };
  }
  if (!input.policy?.automated?.selfHeal) {
    return { sync: false, reason: 'this state was synced before, and selfHeal is off' };
  }
  return guardAgainstWipe(input) ?? heal(input, attempt);
}

function reasonToStayIdle(input: AutoSyncInput): string | undefined {
  const { policy, resources } = input;
  if (!policy?.automated || policy.automated.enabled === false) return 'automation is off';
  if (input.operationPending) return 'an operation is pending';
  if (input.deleting) return 'the Application is being deleted';
  if (input.syncStatus !== 'OutOfSync') return `the Application is ${input.syncStatus}`;
  if (input.windowDenies) return input.windowDenies;
  const differing = resources.filter((resource) => resource.status !== 'Synced');
  const prunesOnly = !input.namespaceDiffers && differing.every((resource) => resource.requiresPruning);
  if (!policy.automated.prune && prunesOnly) return 'the only differences are prunes, and prune is off';
  return undefined;
}

/** An emptied source is more often a mistake than a wish: it needs allowEmpty. */
function guardAgainstWipe(input: AutoSyncInput): AutoSyncDecision | undefined {
  const { automated } = input.policy ?? {};
  const resources = input.resources.filter((resource) => !resource.hook);
  const wipes = resources.length > 0 && resources.every((resource) => resource.requiresPruning);
  if (!automated?.prune || automated.allowEmpty || !wipes) return undefined;
  const message = `Skipping sync attempt to ${revisionList(input)}: auto-sync will wipe out all resources`;
  return { sync: false, reason: message, condition: { type: 'SyncError', message } };
}

function heal(input: AutoSyncInput, last: OperationState): AutoSyncDecision {
  const { selfHeal: settings = selfHealDefaults, now } = input;
  const drifted = drift(input, last);
  if (drifted.length === 0 && !input.namespaceDiffers)
    return { sync: false, reason: 'what differs cannot be healed by another sync' };
  const next = nextHeal(drifted, last, { settings, now });
  if (next.delayMs > 0) {
    const reason = `self-heal attempt ${next.attempt} follows after a pause`;
    return { sync: false, reason, retryAfterMs: next.delayMs };
  }
  return start(input, 'the live state has drifted', next);
}

/** What is out of sync and worth another try: not what may not be pruned, and not what the last sync left by its options. */
function drift({ resources, policy }: AutoSyncInput, last: OperationState): ResourceStatus[] {
  const left = new Set((last.syncResult?.resources ?? []).filter(isLeftForGood).map(resultId));
  return resources.filter(
    (resource) =>
      resource.status === 'OutOfSync' &&
      !resource.hook &&
      !(resource.requiresPruning && (!policy?.automated?.prune || left.has(statusId(resource)))),
  );
}

function isLeftForGood(result: ResourceResult): boolean {
  return result.status === 'PruneSkipped' && result.message === 'ignored (no prune)';
}

function statusId({ group = '', version = '', kind = '', namespace = '', name = '' }: ResourceStatus): string {
  return resultId({ group, version, kind, namespace, name });
}

function start(input: AutoSyncInput, reason: string, selfHeal?: SelfHeal): AutoSyncDecision {
  const { policy, revision, revisions } = input;
  const sync: Operation['sync'] = {
    ...(revisions ? { revisions: [...revisions] } : { revision }),
    ...(policy?.automated?.prune ? { prune: true } : {}),
    ...(policy?.syncOptions?.length ? { syncOptions: policy.syncOptions } : {}),
    ...(selfHeal?.resources.length ? { resources: selfHeal.resources } : {}),
    ...(selfHeal ? { autoHealAttemptsCount: selfHeal.attempt } : {}),
  };
  return {
    sync: true,
    reason,
    operation: { sync, initiatedBy: { automated: true }, retry: policy?.retry ?? defaultRetry },
  };
}
