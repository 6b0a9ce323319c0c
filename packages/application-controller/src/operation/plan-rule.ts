import type { Operation } from '@plumbline/apis';
import { planFact } from '@plumbline/protocol';
import { changedSince } from '@plumbline/sync';
import { previewOf } from '../inspect/operation-plan.ts';
import { type HoldRule, hasBegun } from './hold.ts';
import type { PlanStore } from './plan-store.ts';

/** The hash of the plan that an operation is bound to. */
export function boundPlan({ info }: Operation): string | undefined {
  return info?.find(({ name }) => name === planFact)?.value || undefined;
}

/** An operation that is bound to a plan runs just that one: if anything has changed since, it is refused and says what. */
export function planRule(plans: PlanStore): HoldRule {
  return async (pass, attempt, state) => {
    const hash = boundPlan(state.operation);
    if (!hash || hasBegun(state) || (state.retryCount ?? 0) > 0) return undefined;
    const now = previewOf(attempt);
    if (now.hash === hash) return undefined;
    await plans.keep(pass.key, now);
    const before = await plans.find(pass.key, hash);
    const changes = before ? changedSince(before, now).slice(0, 20).join('; ') : 'what it was is not known any more';
    return { kind: 'refuse', message: `the plan is not ${hash} any more, it is ${now.hash} now: ${changes}` };
  };
}
