import { type OperationState, ownAnnotations } from '@plumbline/apis';
import { keyString } from '@plumbline/manifests';
import type { Settings } from '@plumbline/settings';
import {
  type ActionOutcome,
  type Deletion,
  type DeletionBudgets,
  deletionWeight,
  judgeDeletions,
  liveWeight,
  planDeletions,
  type ResourceResult,
  resolveBudgets,
} from '@plumbline/sync';
import type { Pass } from '../pass.ts';
import { type OtherApplications, ownerElsewhere } from './hand-over.ts';
import type { HoldRule } from './hold.ts';
import type { Attempt } from './running-operation.ts';

const idleMs = 30_000;

export interface DeletionGateOptions {
  settings: Settings;
  /** What they render is handed over to them and does not count. */
  others: OtherApplications;
  clock(): number;
}

/** The budgets that hold for the Application of a pass; a text that cannot be read becomes a warning. */
export function budgetsOf(pass: Pass, settings: Settings): DeletionBudgets {
  const { app, project } = pass;
  const { budgets, problems } = resolveBudgets([
    { owner: `Application ${app.metadata.name}`, values: app.metadata.annotations ?? {} },
    { owner: `AppProject ${project?.metadata.name}`, values: project?.metadata.annotations ?? {} },
    { owner: 'ConfigMap argocd-cm', values: settings.current().deletionBudgets },
  ]);
  for (const message of problems) pass.findings.push({ type: 'DeletionBudgetWarning', message });
  return budgets;
}

/**
 * The gate of pruning: an operation that would delete more than the budgets allow holds before its first write, until
 * just these deletions are approved (design decision 11).
 */
export function deletionGate({ clock, ...facts }: DeletionGateOptions): HoldRule {
  return (pass, attempt, state) => {
    const judged = judgeAttempt(pass, attempt, { state, ...facts, now: clock() });
    if (!judged || judged.verdict.allowed) return undefined;
    const { digest, reason } = judged.verdict;
    const name = pass.app.metadata.name;
    const how = `"plumb app approve ${name}" or the annotation ${ownAnnotations.deletionApproved}: ${digest}`;
    return { kind: 'wait', message: `waiting for an approval of ${reason}. Approve with ${how}`, ms: idleMs };
  };
}

/** What the gate says of an attempt; undefined where nothing is deleted or all of it is approved. */
export function judgeAttempt(
  pass: Pass,
  attempt: Pick<Attempt, 'plan' | 'request' | 'pairs' | 'target'>,
  { state, settings, others, now }: Omit<DeletionGateOptions, 'clock'> & { state: OperationState; now: number },
) {
  const { operations } = pass.runtime;
  const results = (state.syncResult?.resources ?? []) as ResourceResult[];
  const planned = planDeletions(attempt.plan, attempt.request, results);
  const deletions = planned.filter(({ key }) => !ownerElsewhere(pass, key, others));
  if (deletions.length === 0 || areApproved(deletions, pass, state)) return undefined;
  const budgets = budgetsOf(pass, settings);
  const past = operations.deletions(pass.app, now - (budgets.window?.windowMs ?? 0));
  const verdict = judgeDeletions({
    deletions,
    total: liveWeight(attempt.pairs),
    budget: budgets.operation,
    window: budgets.window,
    spent: past.reduce((sum, { operation, weight }) => sum + (operation === attemptOf(state) ? 0 : weight), 0),
    occasion: ['prune', ...attempt.target.revisions],
    approval: pass.app.metadata.annotations?.[ownAnnotations.deletionApproved],
  });
  if (verdict.allowed && verdict.approved) {
    const keys = new Set(deletions.map(({ key }) => keyString(key)));
    operations.approved = { operation: state.startedAt, digest: verdict.digest, keys };
  }
  return { verdict, deletions };
}

function areApproved(deletions: readonly Deletion[], { runtime }: Pass, state: OperationState): boolean {
  const { approved } = runtime.operations;
  return approved?.operation === state.startedAt && deletions.every(({ key }) => approved.keys.has(keyString(key)));
}

/** A retry deletes what another attempt has not: that counts as deleted before. */
function attemptOf({ startedAt, retryCount }: OperationState): string {
  return `${startedAt}#${retryCount ?? 0}`;
}

/** Counts what was deleted, for the budget of the time window; what was approved does not count. */
export function noteDeletions(pass: Pass, outcomes: readonly ActionOutcome[], now: number): void {
  const { operations } = pass.runtime;
  const operation = pass.operationState?.startedAt ?? '';
  if (operations.approved?.operation === operation) return;
  const deleted = outcomes.filter(({ action, error, handedOver }) => action.kind === 'prune' && !error && !handedOver);
  const weight = deleted.reduce((sum, { action: { task } }) => sum + deletionWeight(task.key, task.live?.object), 0);
  if (weight === 0) return;
  operations.deletions(pass.app, 0);
  operations.addDeletion({ at: now, weight, operation: pass.operationState ? attemptOf(pass.operationState) : '' });
}
