import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const needed = ['ConfigurationsReady', 'RoutesReady', 'Ready'];

/** Healthy when configurations and routes are ready and nothing else is lacking. */
export const knativeService: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  const lacking = conditions.filter(({ status }) => status === 'False' || status === 'Unknown');
  const message = lacking.map((condition) => `${condition.type}: ${explain(condition)}`).join(', ');
  if (lacking.some(({ status }) => status === 'False')) return degraded(message);
  const ready = needed.every((type) => conditions.some((entry) => entry.type === type && entry.status === 'True'));
  return ready && lacking.length === 0 ? healthy() : progressing(message || 'Waiting for a revision to be ready');
};
