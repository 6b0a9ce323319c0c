import type { HealthCheck } from '../../health-check.ts';
import { listAt, numberAt, textAt } from '../../read.ts';
import { healthy, progressing } from '../../verdict.ts';
import { gatewayConditions, isCurrent } from './gateway-conditions.ts';

/** Health of a route by what its parents say; with `onlyCurrent`, parents that have not seen the newest spec do not count. */
export function routeHealth({ onlyCurrent }: { onlyCurrent: boolean }): HealthCheck {
  return (object) => {
    const generation = onlyCurrent ? numberAt(object, 'metadata', 'generation') : undefined;
    const parents = listAt(object, 'status', 'parents').filter(
      (parent) => listAt(parent, 'conditions').length > 0 && isCurrent(parent, generation),
    );
    for (const parent of parents) {
      const problem = gatewayConditions(parent, `Parent ${textAt(parent, 'parentRef', 'name')}: `);
      if (problem) return problem;
    }
    return parents.length > 0
      ? healthy('The route is accepted')
      : progressing('Waiting for a parent to take the route');
  };
}
