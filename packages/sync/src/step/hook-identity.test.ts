import { annotations } from '@plumbline/apis';
import { describe, expect, test } from 'vitest';
import { added, changed, object } from '../testing/builders.ts';
import { World, type WorldOptions } from '../testing/world.ts';

const map = (name: string, notes?: Record<string, string>) => object(`ConfigMap/${name}`, notes);
const job = (name: string, notes?: Record<string, string>) => object(`Job/${name}`, notes);

/** An operation without dry runs. */
function world(pairs: ConstructorParameters<typeof World>[0], { request, ...more }: WorldOptions = {}): World {
  return new World(pairs, { ...more, request: { skipDryRun: true, ...request } });
}

describe('hooks', () => {
  test.each(['HookSucceeded', 'HookFailed', 'BeforeHookCreation'])(
    'never take an older object for their own, with the policy %s',
    (policy) => {
      const pre = job('pre', { hook: 'PreSync', policy });
      const it = world([changed(pre)], { health: { pre: 'Healthy' } });
      const older = it.uid('pre');
      it.step();
      expect(it.names()).toEqual([]);
      it.step();
      expect(it.uid('pre')).not.toBe(older);
      expect(it.run().phase).toBe('Succeeded');
    },
  );

  test('that were replaced by another object while they ran fail the operation', () => {
    const pre = job('pre', { hook: 'PreSync' });
    const it = world([added(pre), added(map('main'))], { health: { pre: 'Progressing' } });
    it.run();
    it.letGo('pre');
    it.put(pre);
    it.health.pre = 'Healthy';
    expect(it.run().phase).toBe('Failed');
    expect(it.outcomes().pre).toMatch(/Error .*is another object than the hook that was made/);
    expect(it.names()).not.toContain('main');
  });

  test('that are being deleted while they run fail, those that are through do not', () => {
    const jobs = [added(job('pre', { hook: 'PreSync' })), added(job('other', { hook: 'PreSync' }))];
    const it = world(jobs, { health: { pre: 'Progressing', other: 'Progressing' }, held: ['pre', 'other'] });
    it.run();
    it.startDeletion('pre');
    it.startDeletion('other');
    it.health.other = 'Healthy';
    expect(it.run().phase).toBe('Failed');
    expect(it.outcomes().pre).toMatch(/Error .*was deleted before it was through/);
    expect(it.outcomes().other).toMatch(/Succeeded/);
  });

  test('of a run before in the same second are older ones', () => {
    const pairs = [added(job('pre', { hook: 'PreSync', policy: 'HookFailed' }))];
    const first = world(pairs, { health: { pre: 'Healthy' } });
    first.run();
    const second = world(pairs, { health: { pre: 'Healthy' }, request: { run: 1 } });
    second.put(first.object('pre') ?? map('none'));
    second.run();
    expect(second.log.slice(0, 2)).toEqual(['delete-hook batch/Job/pre', 'apply batch/Job/pre']);
  });

  test('that were made and not recorded before a restart are not made twice', () => {
    const it = world([added(job('pre', { hook: 'PreSync' }))], { health: { pre: 'Progressing' } });
    it.run();
    const uid = it.uid('pre');
    it.progress = { ...it.progress, results: [] };
    it.restart();
    it.health.pre = 'Healthy';
    expect(it.run().phase).toBe('Succeeded');
    expect(it.uid('pre')).toBe(uid);
    expect(it.log).not.toContain('delete-hook batch/Job/pre');
  });

  test('with a generated name are tracked by that name', () => {
    const { metadata, ...rest } = job('', { hook: 'PreSync', [annotations.trackingId]: 'shop:batch/Job:web/' });
    const { name: _none, ...unnamed } = metadata;
    const it = world([added({ ...rest, metadata: { ...unnamed, generateName: 'task-' } })]);
    it.step();
    const name = 'task-abcdef0-presync-1767225600';
    expect(it.object(name)?.metadata.annotations?.[annotations.trackingId]).toBe(`shop:batch/Job:web/${name}`);
  });
});
