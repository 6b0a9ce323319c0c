import { expect, it } from 'vitest';
import { configMap, mask, owned } from '../test-support/builders.ts';
import { MemoryCluster } from '../test-support/memory-cluster.ts';
import { MemoryLive } from '../test-support/memory-live.ts';
import { resourceState } from '../test-support/states.ts';
import { resourceHealth } from './resource-health.ts';

it('tells the health of what is there and what is missing, but not of hooks that do not run', () => {
  const cluster = new MemoryCluster();
  const live = new MemoryLive(cluster, mask);
  cluster.put(owned(configMap('there')));
  live.health = { there: 'Degraded' };
  const absent = { ...resourceState(configMap('gone')), live: undefined };
  const hook = { ...absent, key: { ...absent.key, name: 'hook' }, hook: true };
  const told = resourceHealth('shop', [absent, hook], live).map(({ name, health }) => [name, health.status]);
  expect(told).toEqual([
    ['there', 'Degraded'],
    ['gone', 'Missing'],
  ]);
});
