import type { HealthCheck } from '../../health-check.ts';
import { type Fields, listAt, numberAt, textAt, toCondition } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const needed = ['Accepted', 'ResolvedRefs'];
const conditionsIn = (ancestor: Fields) => listAt(ancestor, 'conditions');

/** What an ancestor has against the policy; one that says nothing of acceptance has not accepted it. */
function objection(ancestor: Fields): string | undefined {
  const conditions = conditionsIn(ancestor).map(toCondition);
  const lacking = conditions.find(({ type, status }) => needed.includes(type) && status !== 'True');
  const accepted = conditions.some(({ type }) => type === 'Accepted');
  const reason = lacking ? explain(lacking) : 'it has not accepted the policy';
  return lacking || !accepted ? `${textAt(ancestor, 'ancestorRef', 'name')}: ${reason}` : undefined;
}

/** Airlock Microgateway: its policies are told by those that they are attached to; the rest is there to be used. */
export const airlock: HealthCheck = (object) => {
  if (!object.kind.endsWith('Policy')) return healthy();
  const ancestors = listAt(object, 'status', 'ancestors');
  const generation = numberAt(object, 'metadata', 'generation');
  const isUnseen = (condition: Fields) => numberAt(condition, 'observedGeneration') !== generation;
  const unseen = generation !== undefined && ancestors.flatMap(conditionsIn).some(isUnseen);
  if (ancestors.length === 0 || unseen) return progressing('Waiting for those that the policy is attached to');
  const found = ancestors.map(objection).find((text) => text !== undefined);
  return found === undefined ? healthy() : degraded(found);
};
