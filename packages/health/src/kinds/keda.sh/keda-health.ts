import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** KEDA's conditions stand side by side: a failing one outweighs readiness, and a pause counts only for what is ready. */
export function kedaHealth(options: { failing: readonly (readonly [string, string])[]; waiting: string }): HealthCheck {
  return (object) => {
    const conditions = conditionsOf(object);
    const holds = (type: string, status: string) =>
      conditions.find((condition) => condition.type === type && condition.status === status);
    for (const [type, status] of options.failing) {
      const failing = holds(type, status);
      if (failing) return degraded(failing.message);
    }
    const ready = holds('Ready', 'True');
    if (!ready) return progressing(options.waiting);
    const paused = holds('Paused', 'True');
    return paused ? suspended(paused.message) : healthy(ready.message);
  };
}
