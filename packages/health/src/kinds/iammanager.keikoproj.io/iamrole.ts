import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';

/** Whether AWS has the role. */
export const iamrole: HealthCheck = firstOf(
  'Waiting for the role',
  byWord(
    ['status', 'state'],
    {
      Ready: 'Healthy',
      Error: 'Degraded',
      RolesMaxLimitReached: 'Degraded',
      PolicyNotAllowed: 'Degraded',
      RoleNameNotAvailable: 'Degraded',
    },
    (state, object) => textAt(object, 'status', 'errorDescription') || textAt(object, 'status', 'roleARN') || state,
  ),
);
