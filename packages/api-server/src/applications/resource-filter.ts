import type { ResourcesQuery, ResourceTree } from '@plumbline/protocol';

interface Identified {
  group?: string | undefined;
  version?: string | undefined;
  kind: string;
  namespace?: string | undefined;
  name: string;
}

/** Items that the filter's given members fit. Items without a version fit any. */
export function narrowed<Item extends Identified>(items: Item[], filter: ResourcesQuery): Item[] {
  const fits = (wanted: string | undefined, value: string | undefined): boolean =>
    wanted === undefined || wanted === (value ?? '');
  return items.filter(
    (item) =>
      fits(filter.group, item.group) &&
      fits(filter.kind, item.kind) &&
      fits(filter.namespace, item.namespace) &&
      fits(filter.name, item.name) &&
      (item.version === undefined || fits(filter.version, item.version)),
  );
}

/** The nodes of a tree that the filter fits. */
export function narrowedTree(tree: ResourceTree, filter: ResourcesQuery): ResourceTree {
  return { ...tree, nodes: narrowed(tree.nodes, filter), orphanedNodes: narrowed(tree.orphanedNodes, filter) };
}
