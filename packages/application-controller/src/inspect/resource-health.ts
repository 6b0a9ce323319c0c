import type { LiveState } from '@plumbline/cluster';
import type { ResourceHealth } from '@plumbline/protocol';
import type { ResourceState } from '../compare/compare-state.ts';

/**
 * The health of an Application's own objects as it is now, without comparing anything: those that are marked as ours, and
 * those of the last comparison that are not marked (definitions of custom resources) or missing.
 */
export function resourceHealth(
  application: string,
  last: readonly Pick<ResourceState, 'key' | 'target' | 'hook'>[],
  live: LiveState,
): ResourceHealth[] {
  const nodes = new Map(live.managedBy(application).map((node) => [node.uid, node]));
  const missing: ResourceHealth[] = [];
  for (const { key, target, hook } of last) {
    const node = live.get(key);
    if (node) nodes.set(node.uid, node);
    else if (target && !hook) missing.push({ ...key, health: { status: 'Missing' } });
  }
  return [...[...nodes.values()].flatMap(({ key, health }) => (health ? [{ ...key, health }] : [])), ...missing];
}
