import { describe, expect, it } from 'vitest';
import { type TreeDelta, TreeView } from './tree-deltas.ts';

const node = (uid: string, resourceVersion = '1') => ({ version: 'v1', kind: 'Pod', name: uid, uid, resourceVersion });
const nothing = { nodes: [], orphanedNodes: [], hosts: [], removedNodes: [], removedHosts: [] };
const delta = (number: number, more: Partial<TreeDelta>): TreeDelta => ({ session: 's', number, ...nothing, ...more });

describe('a tree put together from deltas', () => {
  it('grows, changes and shrinks with them', () => {
    const view = new TreeView();
    expect(view.apply(delta(1, { whole: true, nodes: [node('a'), node('b')], hosts: [{ name: 'n' }] }))).toBe(true);
    expect(view.apply(delta(2, { nodes: [node('b', '2'), node('c')], removedNodes: ['a'], removedHosts: ['n'] }))).toBe(
      true,
    );
    expect(view.tree()).toEqual({ nodes: [node('b', '2'), node('c')], orphanedNodes: [], hosts: [], shardsCount: 0 });
  });

  it('moves a node between the lists', () => {
    const view = new TreeView();
    view.apply(delta(1, { whole: true, orphanedNodes: [node('a')] }));
    view.apply(delta(2, { removedNodes: ['a'], nodes: [node('a')] }));
    expect(view.tree()).toMatchObject({ nodes: [node('a')], orphanedNodes: [] });
  });

  it.each([
    ['one is missing', delta(3, {})],
    ['they are of another session', { ...delta(2, {}), session: 't' }],
  ])('says so where %s, until the whole tree comes', (_case, later) => {
    const view = new TreeView();
    view.apply(delta(1, { whole: true, nodes: [node('a')] }));
    expect(view.apply(later)).toBe(false);
    expect(view.apply(delta(4, {}))).toBe(false);
    expect(view.apply(delta(7, { whole: true, nodes: [node('b')] }))).toBe(true);
    expect(view.tree().nodes).toEqual([node('b')]);
  });
});
