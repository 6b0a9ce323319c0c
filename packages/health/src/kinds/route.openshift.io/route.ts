import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, listAt, toCondition } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Every router must admit it. */
export const route: HealthCheck = (object) => {
  const routers = listAt(object, 'status', 'ingress');
  const admitted = routers
    .flatMap((router) => listAt(router, 'conditions').map(toCondition))
    .filter(({ type }) => type === 'Admitted');
  if (fieldsAt(object, 'status')['ingress'] === undefined) return progressing('Waiting for a router');
  if (admitted.filter(({ status }) => status === 'True').length === routers.length)
    return healthy('The route is admitted');
  const refused = admitted.find(({ status }) => status === 'False');
  return refused ? degraded(refused.message) : progressing('Waiting to be admitted');
};
