import type { HealthCheckEntries } from '../../entries.ts';
import type { HealthCheck } from '../../health-check.ts';
import { conditionOf, countAt, textAt } from '../../read.ts';
import { byConditions, firstOf, type Meaning, type Step } from '../../steps.ts';
import type { HealthStatusCode } from '../../types.ts';
import { degraded, healthy, suspended } from '../../verdict.ts';

const waiting = 'Waiting for the operator of 3scale';
const failures = ['Invalid', 'Orphan', 'Failed'];

/** What is told by conditions that are True. */
function told(fine: string, extra: Readonly<Record<string, HealthStatusCode>> = {}): Step {
  const means = (type: string, verdict: HealthStatusCode): Meaning => ({ type, status: 'True', verdict });
  return byConditions(
    means(fine, 'Healthy'),
    ...failures.map((type) => means(type, 'Degraded')),
    ...Object.entries(extra).map(([type, verdict]) => means(type, verdict)),
  );
}

const ready = firstOf(waiting, told('Ready'));
const synced = firstOf(waiting, told('Synced'));

function suspendedAs(field: string): Step {
  return (object) =>
    textAt(object, 'status', field) === 'suspended' ? suspended(`${object.kind} is suspended`) : undefined;
}

/** An Application that has an identity is waited for; without one it has been refused. */
const application: HealthCheck = firstOf(waiting, suspendedAs('state'), (object) => {
  const condition = conditionOf(object, 'Ready');
  if (condition?.status === 'True') return healthy();
  return condition && countAt(object, 'status', 'adminId') === 0 ? degraded(condition.message) : undefined;
});

/** A tenant is ready once it and its administrator have identities. */
const tenant: HealthCheck = firstOf(waiting, (object) => {
  const condition = conditionOf(object, 'Ready');
  if (condition?.status !== 'True') return condition && degraded(condition.message);
  return countAt(object, 'status', 'tenantId') > 0 && countAt(object, 'status', 'adminId') > 0 ? healthy() : undefined;
});

/** What is managed in 3scale through objects. */
export const threeScaleChecks: HealthCheckEntries = (
  [
    ['ActiveDoc', ready],
    ['Application', application],
    ['ApplicationAuth', ready],
    ['Backend', synced],
    ['CustomPolicyDefinition', ready],
    ['DeveloperAccount', firstOf(waiting, told('Ready', { Waiting: 'Suspended' }))],
    ['DeveloperUser', firstOf(waiting, suspendedAs('developerUserState'), told('Ready'))],
    ['OpenAPI', ready],
    ['Product', synced],
    ['ProxyConfigPromote', firstOf(waiting, told('Ready', { 'In-progress': 'Progressing' }))],
    ['Tenant', tenant],
  ] as const
).map(([kind, check]) => [`capabilities.3scale.net/${kind}`, check] as const);
