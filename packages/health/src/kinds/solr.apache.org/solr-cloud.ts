import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, listAt } from '../../read.ts';
import { healthy, progressing } from '../../verdict.ts';

/** Whether all nodes are ready. */
export const solrCloud: HealthCheck = (object) => {
  const nodes = listAt(object, 'status', 'solrNodes');
  if (fieldsAt(object, 'status')['solrNodes'] === undefined) return progressing('Waiting for the nodes');
  const lacking = nodes.filter((node) => node['ready'] !== true).length;
  return lacking > 0
    ? progressing(`${lacking} of ${nodes.length} nodes are not ready`)
    : healthy('All nodes are ready');
};
