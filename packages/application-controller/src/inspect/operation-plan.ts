import { hasMultipleSources, type Operation, type OperationState } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { isSecret } from '@plumbline/manifests';
import type { OperationPlan } from '@plumbline/protocol';
import type { Settings } from '@plumbline/settings';
import { type PlanPreview, previewPlan } from '@plumbline/sync';
import { judgeAttempt } from '../operation/deletion-gate.ts';
import type { OtherApplications } from '../operation/hand-over.ts';
import { firstHold, type HoldRule } from '../operation/hold.ts';
import type { PlanStore } from '../operation/plan-store.ts';
import { type PrepareOptions, prepareAttempt } from '../operation/prepare-attempt.ts';
import { type Attempt, currentState } from '../operation/running-operation.ts';
import { type Pass, timestamp } from '../pass.ts';

export interface PlanOptions extends PrepareOptions {
  settings: Settings;
  others: OtherApplications;
  holds: readonly HoldRule[];
  plans: PlanStore;
  clock(): number;
}

/** The preview of an attempt. Values of Secrets are not part of it. */
export function previewOf(attempt: Attempt): PlanPreview {
  return previewPlan(attempt.plan, {
    request: attempt.request,
    revisions: attempt.target.revisions,
    differencesOf: ({ key, target }) => {
      const differences = attempt.differencesOf(key);
      return target && isSecret(target)
        ? differences.map(({ path }) => ({ path, target: '••••', live: '••••' }))
        : differences;
    },
  });
}

/**
 * The plan of an operation as it would run now, after a pass that has looked: of the given one, else of the one that
 * is running, else of what automation would start.
 */
export async function operationPlan(
  pass: Pass,
  operation: Operation | undefined,
  options: PlanOptions,
): Promise<OperationPlan> {
  if (!pass.destination || !pass.facts || !pass.comparison) throw unknownState(pass);
  const now = options.clock();
  const state = stateOf(pass, operation, timestamp(new Date(now)));
  const attempt = await prepareAttempt(pass, state, options);
  const preview = previewOf(attempt);
  await options.plans.keep(pass.key, preview);
  const { parts: _parts, ...shown } = preview;
  pass.operationState = state;
  const hold = await firstHold(pass, attempt, options.holds);
  const judged = judgeAttempt(pass, attempt, { ...options, state, now });
  const held = judged && !judged.verdict.allowed ? judged.verdict : undefined;
  return {
    ...shown,
    holds: hold ? [hold.message] : [],
    ...(held ? { approval: { digest: held.digest, reason: held.reason } } : {}),
  } as OperationPlan;
}

function stateOf(pass: Pass, operation: Operation | undefined, now: string): OperationState {
  if (operation) return { operation, phase: 'Running', startedAt: now, message: '' };
  if (pass.operation) return currentState(pass.operation, pass.operationState, now);
  const { automated, syncOptions } = pass.app.spec.syncPolicy ?? {};
  const revisions = pass.target?.revisions ?? [];
  const sync = {
    ...(hasMultipleSources(pass.app.spec) ? { revisions: [...revisions] } : { revision: revisions[0] ?? '' }),
    prune: automated?.prune ?? false,
    ...(syncOptions ? { syncOptions } : {}),
  };
  return { operation: { sync }, phase: 'Running', startedAt: now, message: '' };
}

function unknownState({ app, findings }: Pass): PlumblineError {
  const why = findings.map(({ message }) => message).join('; ') || 'its destination has not been read yet';
  return new PlumblineError('INVALID_SPEC', `there is no plan for ${app.metadata.name}: ${why}`);
}
