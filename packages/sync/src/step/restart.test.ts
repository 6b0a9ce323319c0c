import { describe, expect, test } from 'vitest';
import { added, object, removed } from '../testing/builders.ts';
import { World } from '../testing/world.ts';

const map = (name: string, notes?: Record<string, string>) => object(`ConfigMap/${name}`, notes);
const gate = (name: string, notes?: Record<string, string>) => {
  const service = object(`Service/${name}`, notes);
  return { ...service, spec: { type: 'LoadBalancer' } };
};

describe('a restart', () => {
  const pairs = () => [
    added(map('a')),
    added(object('Service/b')),
    added(gate('c', { wave: '1' })),
    removed(map('old', { wave: '1' })),
    added(object('Deployment/d', { wave: '2' })),
    added(map('pre', { hook: 'PreSync' })),
  ];

  test('at any step goes on where the operation was, and does nothing twice', () => {
    const health = { c: 'Healthy', d: 'Healthy' } as const;
    const whole = new World(pairs(), { health });
    whole.run();
    for (let steps = 1; steps <= whole.batches.length; steps++) {
      const world = new World(pairs(), { health });
      while (world.batches.length < steps) world.now += world.step().requeueAfterMs ?? 0;
      world.restart();
      expect(world.run().phase).toBe('Succeeded');
      const writes = (log: string[]) => log.filter((line) => !line.startsWith('dry-run')).sort();
      expect(writes(world.log)).toEqual(writes(whole.log));
      expect(Object.keys(world.outcomes()).sort()).toEqual(['a', 'b', 'c', 'd', 'old', 'pre']);
    }
  });

  test('judges what runs although a prune that is left has come to stand before it', () => {
    const pairs = [
      removed(map('early', { wave: '1' })),
      added(gate('main')),
      removed(map('late', { wave: '-1', options: 'Prune=confirm' })),
    ];
    const world = new World(pairs, { request: { skipDryRun: true } });
    world.run();
    expect(world.names()).toEqual(['late', 'main']);
    world.restart();
    world.health.main = 'Healthy';
    expect(world.run().message).toMatch(/waiting for pruning confirmation/);
    world.options.deletionApproved = '2026-01-01T00:00:00Z';
    expect(world.run().phase).toBe('Succeeded');
  });

  test('keeps what ApplyOutOfSyncOnly has brought in order in view', () => {
    const request = { syncOptions: ['ApplyOutOfSyncOnly=true'] };
    const world = new World([added(gate('first')), added(map('second', { wave: '1' }))], { request });
    world.run();
    world.restart();
    expect(world.run().message).toBe('waiting for healthy state of /Service/first');
  });
});
