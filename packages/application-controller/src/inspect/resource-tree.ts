import type { LiveNode, LiveState } from '@plumbline/cluster';
import type { ResourceKey } from '@plumbline/manifests';
import { missingUid, type ResourceNode, type ResourceTree } from '@plumbline/protocol';
import type { ResourceState } from '../compare/compare-state.ts';
import { hostsOf } from './hosts.ts';

/** Whether the Application's project permits an object; what it does not is not shown, and nothing below it either. */
export type Permits = (key: ResourceKey) => boolean;

/** What a tree is made of. */
export interface TreeParts {
  resources: readonly ResourceState[];
  orphans: readonly LiveNode[];
  permits?: Permits;
}

/**
 * The live objects of an Application with everything that descends from them, and those that are missing (reference §6,
 * §8.2). Declared objects that are live but not marked as ours (definitions of custom resources) are roots too.
 */
export function resourceTree(
  application: string,
  { resources, orphans, permits = () => true }: TreeParts,
  live: LiveState,
): ResourceTree {
  const roots = new Map<string, LiveNode>();
  for (const node of live.managedBy(application)) roots.set(node.uid, node);
  for (const { live: node } of resources) if (node) roots.set(node.uid, node);
  const nodes = withDescendants(roots.values(), live, permits);
  const orphaned = withDescendants(orphans, live, permits);
  return {
    nodes: [...[...nodes.values()].map(toResourceNode), ...resources.flatMap(missingNode)],
    orphanedNodes: [...orphaned.values()].filter(({ uid }) => !nodes.has(uid)).map(toResourceNode),
    hosts: hostsOf(nodes.values(), live),
    shardsCount: 0,
  };
}

/** Descendants come after what they descend from: one whose owners are all left out is left out, too. */
function withDescendants(roots: Iterable<LiveNode>, live: LiveState, permits: Permits): Map<string, LiveNode> {
  const nodes = new Map<string, LiveNode>();
  for (const root of roots) {
    nodes.set(root.uid, root);
    for (const child of live.descendants(root.uid)) {
      if (child.owners.some(({ uid }) => nodes.has(uid)) && permits(child.key)) nodes.set(child.uid, child);
    }
  }
  return nodes;
}

/** An object that is declared and not there; hooks are there only while they run. */
function missingNode({ key, version, target, live, hook }: ResourceState): ResourceNode[] {
  if (!target || live || hook || key.name === '') return [];
  return [
    {
      ...(key.group ? { group: key.group } : {}),
      version,
      kind: key.kind,
      ...(key.namespace ? { namespace: key.namespace } : {}),
      name: key.name,
      uid: missingUid(key),
      resourceVersion: '',
      health: { status: 'Missing' },
    },
  ];
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
    ...(node.owners.length > 0
      ? { parentRefs: node.owners.map(({ key: owner, ...own }) => ({ ...owner, ...own })) }
      : {}),
    ...(node.info.length > 0 ? { info: [...node.info] } : {}),
    ...(node.networkingInfo ? { networkingInfo: node.networkingInfo } : {}),
    resourceVersion: node.resourceVersion,
    ...(node.images.length > 0 ? { images: [...node.images] } : {}),
    ...(node.health ? { health: node.health } : {}),
    ...(node.createdAt ? { createdAt: node.createdAt } : {}),
  };
}
