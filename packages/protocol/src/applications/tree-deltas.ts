import type { HostInfo, ResourceNode, ResourceTree } from './resource-tree.ts';

/** The channel on which API servers say whose tree somebody looks at: {@link TreeWatch}, every {@link treeWatchMs}. */
export const treeWatchChannel = 'tree-watch';
/** A controller that has heard nothing for three times as long publishes nothing more. */
export const treeWatchMs = 5_000;

export interface TreeWatch {
  namespace: string;
  name: string;
  /** The whole tree is wanted: the sender has none, or has missed a delta. */
  whole: boolean;
}

/** The channel of the deltas of one Application's tree. */
export function treeChannel({ namespace, name }: { namespace: string; name: string }): string {
  return `tree:${namespace}/${name}`;
}

/** What has changed in a tree since the delta before. Its size follows what changed, not the size of the tree. */
export interface TreeDelta {
  /** Names the controller's session; numbers of one session follow each other. */
  session: string;
  number: number;
  /** Present in a first one: forget what was before. */
  whole?: true;
  nodes: readonly ResourceNode[];
  orphanedNodes: readonly ResourceNode[];
  hosts: readonly HostInfo[];
  /** uids of nodes that are gone (of both lists), names of hosts that are. */
  removedNodes: readonly string[];
  removedHosts: readonly string[];
}

/** A tree put together from deltas. */
export class TreeView {
  readonly #nodes = new Map<string, ResourceNode>();
  readonly #orphans = new Map<string, ResourceNode>();
  readonly #hosts = new Map<string, HostInfo>();
  #session: string | undefined;
  #number = 0;

  /** False where a delta is missing before this one: then the whole tree must be asked for. */
  apply(delta: TreeDelta): boolean {
    if (delta.whole) {
      for (const part of [this.#nodes, this.#orphans, this.#hosts]) part.clear();
    } else if (delta.session !== this.#session || delta.number !== this.#number + 1) {
      this.#session = undefined;
      return false;
    }
    this.#session = delta.session;
    this.#number = delta.number;
    for (const uid of delta.removedNodes) {
      this.#nodes.delete(uid);
      this.#orphans.delete(uid);
    }
    for (const name of delta.removedHosts) this.#hosts.delete(name);
    for (const node of delta.nodes) this.#nodes.set(node.uid, node);
    for (const node of delta.orphanedNodes) this.#orphans.set(node.uid, node);
    for (const host of delta.hosts) this.#hosts.set(host.name, host);
    return true;
  }

  tree(): ResourceTree {
    return {
      nodes: [...this.#nodes.values()],
      orphanedNodes: [...this.#orphans.values()],
      hosts: [...this.#hosts.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      shardsCount: 0,
    };
  }
}
