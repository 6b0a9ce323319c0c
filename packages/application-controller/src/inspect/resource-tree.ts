import type { LiveNode, LiveState } from '@plumbline/cluster';
import type { ResourceNode, ResourceTree } from '@plumbline/protocol';
import type { ResourceState } from '../compare/compare-state.ts';
import { hostsOf } from './hosts.ts';

/**
 * The live objects of an Application with everything that descends from them (reference §6, §8.2). Declared objects
 * that are live but not marked as ours (definitions of custom resources) are roots too.
 */
export function resourceTree(
  application: string,
  { resources, orphans }: { resources: readonly ResourceState[]; orphans: readonly LiveNode[] },
  live: LiveState,
): ResourceTree {
  const roots = new Map<string, LiveNode>();
  for (const node of live.managedBy(application)) roots.set(node.uid, node);
  for (const { live: node } of resources) if (node) roots.set(node.uid, node);
  const nodes = withDescendants(roots.values(), live);
  const orphaned = withDescendants(orphans, live);
  return {
    nodes: [...nodes.values()].map(toResourceNode),
    orphanedNodes: [...orphaned.values()].filter(({ uid }) => !nodes.has(uid)).map(toResourceNode),
    hosts: hostsOf(nodes.values(), live),
    shardsCount: 0,
  };
}

function withDescendants(roots: Iterable<LiveNode>, live: LiveState): Map<string, LiveNode> {
  const nodes = new Map<string, LiveNode>();
  for (const root of roots) {
    nodes.set(root.uid, root);
    for (const child of live.descendants(root.uid)) nodes.set(child.uid, child);
  }
  return nodes;
}

/** A node of the tree as the API shows it. */
export function toResourceNode(node: LiveNode): ResourceNode {
  const { key } = node;
  return {
    ...(key.group ? { group: key.group } : {}),
    version: node.version,
    kind: key.kind,
    ...(key.namespace ? { namespace: key.namespace } : {}),
    name: key.name,
    uid: node.uid,
    ...(node.owners.length > 0 ? { parentRefs: node.owners.map(({ uid, key: owner }) => ({ ...owner, uid })) } : {}),
    ...(node.info.length > 0 ? { info: [...node.info] } : {}),
    ...(node.networkingInfo ? { networkingInfo: node.networkingInfo } : {}),
    resourceVersion: node.resourceVersion,
    ...(node.images.length > 0 ? { images: [...node.images] } : {}),
    ...(node.health ? { health: node.health } : {}),
    ...(node.createdAt ? { createdAt: node.createdAt } : {}),
  };
}
