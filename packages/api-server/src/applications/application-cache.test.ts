import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { type ApplicationEvent, createApplicationSet } from './application-cache.ts';

const app = (name: string, resourceVersion: number): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, resourceVersion: String(resourceVersion), managedFields: [{ manager: 'm' }] },
});

function listened() {
  const set = createApplicationSet();
  const events: string[] = [];
  set.subscribe(({ type, application }: ApplicationEvent) =>
    events.push(`${type} ${application.metadata.name}@${application.metadata.resourceVersion}`),
  );
  return { set, events };
}

describe('the set of Applications', () => {
  it('tells of each change once, whether the write or the watch told first', () => {
    const { set, events } = listened();
    set.observe(app('a', 5));
    set.apply({ type: 'ADDED', object: app('a', 5) });
    set.apply({ type: 'MODIFIED', object: app('a', 6) });
    set.observe(app('a', 6));
    expect(events).toEqual(['ADDED a@5', 'MODIFIED a@6']);
  });

  it('passes over what is older than what it knows', () => {
    const { set, events } = listened();
    set.observe(app('a', 9));
    set.apply({ type: 'MODIFIED', object: app('a', 7) });
    expect(events).toEqual(['ADDED a@9']);
    expect(set.get('a')?.metadata.resourceVersion).toBe('9');
  });

  it('holds the object of the watch, which others may share, in place of the answer to a write', () => {
    const { set, events } = listened();
    const { managedFields: _, ...metadata } = app('a', 5).metadata;
    const shared = { ...app('a', 5), metadata };
    set.observe(app('a', 5));
    set.apply({ type: 'ADDED', object: shared });
    set.observe(app('a', 5));
    expect([set.get('a'), set.list()[0]]).toEqual([shared, shared]);
    expect(set.get('a')).toBe(shared);
    expect(events).toEqual(['ADDED a@5']);
  });

  it('tells what has gone unseen as it last was', () => {
    const set = createApplicationSet();
    const gone: unknown[] = [];
    set.subscribe(({ type, application }) => type === 'DELETED' && gone.push(application['spec']));
    set.apply({ type: 'ADDED', object: { ...app('a', 1), spec: { project: 'p' } } });
    set.apply({ type: 'DELETED', object: app('a', 1) });
    expect(gone).toEqual([{ project: 'p' }]);
  });

  it('does not let the late answer of a write bring a deleted one back', () => {
    const { set } = listened();
    set.apply({ type: 'ADDED', object: app('a', 1) });
    set.apply({ type: 'DELETED', object: app('a', 4) });
    set.observe(app('a', 3));
    expect(set.get('a')).toBeUndefined();
    set.apply({ type: 'ADDED', object: app('a', 8) });
    expect(set.get('a')).toBeDefined();
    expect(set.deletedSince('0')).toEqual([]);
  });

  it('remembers deletions, sorts by name, drops managedFields and knows the newest version', () => {
    const { set } = listened();
    for (const [name, version] of [
      ['b', 2],
      ['a', 3],
      ['c', 1],
    ] as const)
      set.apply({ type: 'ADDED', object: app(name, version) });
    set.apply({ type: 'DELETED', object: app('c', 10) });
    expect(set.list().map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(set.deletedSince('3').map(({ metadata }) => metadata.name)).toEqual(['c']);
    expect(set.deletedSince('10')).toEqual([]);
    expect(set.resourceVersion()).toBe('10');
    expect(set.get('a')?.metadata.managedFields).toBeUndefined();
  });
});
