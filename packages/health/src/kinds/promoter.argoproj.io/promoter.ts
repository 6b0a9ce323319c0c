import type { HealthCheckEntries } from '../../entries.ts';
import type { HealthCheck } from '../../health-check.ts';
import { conditionStale, fieldsAt, listAt, textAt, toCondition } from '../../read.ts';
import { firstOf, type Step } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';
import { isPromoting, promotion } from './promotion.ts';

const group = 'promoter.argoproj.io';

/** Decides unless it is ready. Readiness that is undecided is waited for only where `waits` says so. */
function unlessReady(types: readonly string[], waits: boolean): Step {
  return (object) => {
    const entries = listAt(object, 'status', 'conditions').filter((entry) => types.includes(textAt(entry, 'type')));
    if (entries.length === 0) return progressing('Waiting for a status');
    for (const entry of entries) {
      if (conditionStale(entry, object)) return progressing('Waiting for the spec to be seen');
      const { status, reason, message } = toCondition(entry);
      const text = reason && reason !== 'ReconciliationError' ? `${reason}: ${message}` : message;
      if (status === 'False') return degraded(text);
      if (waits && status === 'Unknown') return progressing(text);
    }
    return undefined;
  };
}

/** What is checked branch by branch. */
const byBranch: Step = (object) => {
  const environments = listAt(object, 'status', 'environments');
  const inPhase = (fits: (phase: string) => boolean) =>
    environments.filter((entry) => fits(textAt(entry, 'phase'))).map((entry) => textAt(entry, 'branch') || '?');
  const failed = inPhase((phase) => phase === 'failure');
  if (failed.length > 0) return degraded(`Failed for ${failed.join(', ')}`);
  const pending = inPhase((phase) => phase !== 'success');
  return pending.length > 0 ? progressing(`Pending for ${pending.join(', ')}`) : undefined;
};

const isEmpty =
  (field: string, message: string): Step =>
  (object) =>
    listAt(object, 'status', field).length === 0 ? degraded(message) : undefined;

const fine: Step = () => healthy();
const ready = unlessReady(['Ready'], false);
const decided = unlessReady(['Ready'], true);

function check(...steps: readonly Step[]): HealthCheck {
  return firstOf('Waiting for the promoter', ...steps, fine);
}

/** GitOps Promoter. */
export const promoterChecks: HealthCheckEntries = (
  [
    ['ArgoCDCommitStatus', check(ready, isEmpty('applicationsSelected', 'It selects no Application'))],
    ['ChangeTransferPolicy', check(ready, (object) => promotion([fieldsAt(object, 'status')]))],
    ['ClusterScmProvider', check(decided)],
    ['CommitStatus', check(ready)],
    ['GitCommitStatus', check(decided, byBranch)],
    ['GitRepository', check(decided)],
    ['PromotionStrategy', check(ready, isEmpty('environments', 'It has no environments'), isPromoting)],
    ['PullRequest', check(unlessReady(['Ready', 'Reconciled'], false))],
    ['ScmProvider', check(decided)],
    ['TimedCommitStatus', check(decided, byBranch)],
    ['WebRequestCommitStatus', check(decided, byBranch)],
  ] as const
).map(([kind, of]) => [`${group}/${kind}`, of] as const);
