import type { ResourceKey } from '@plumbline/manifests';
import type { BuiltNode } from '../facts/build-node.ts';
import type { LiveNode } from '../types.ts';
import { InferredOwners } from './inferred-owners.ts';
import { SetMap } from './set-map.ts';

const noNodes: ReadonlyMap<string, LiveNode> = new Map();

/** `group/kind`: names a kind in maps. */
export function kindName({ group, kind }: { group: string; kind: string }): string {
  return `${group}/${kind}`;
}

/** Live nodes by key, uid, application, owner and namespace. Holds no bodies of its own, decides nothing. */
export class LiveIndex {
  readonly #kinds = new Map<string, Map<string, LiveNode>>();
  readonly #byUid = new Map<string, LiveNode>();
  readonly #managed = new SetMap<LiveNode>();
  readonly #children = new SetMap<LiveNode>();
  readonly #loose = new SetMap<LiveNode>();
  readonly #placed = new SetMap<LiveNode>();
  readonly #inferred = new InferredOwners((child, owner) => this.#setInferredOwner(child, owner));
  /** How many managed or owned objects there are of each kind. */
  readonly #concerning = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: ResourceKey): LiveNode | undefined {
    return this.#kinds.get(kindName(key))?.get(`${key.namespace}/${key.name}`);
  }

  byUid(uid: string): LiveNode | undefined {
    return this.#byUid.get(uid);
  }

  /** Whether objects of the kind are managed, or owned by others: those that Applications consist of. */
  concernsApplications(kind: { group: string; kind: string }): boolean {
    return (this.#concerning.get(kindName(kind)) ?? 0) > 0;
  }

  /** Nodes of a kind by `namespace/name`. */
  ofKind(kind: { group: string; kind: string }): ReadonlyMap<string, LiveNode> {
    return this.#kinds.get(kindName(kind)) ?? noNodes;
  }

  managedBy(application: string): readonly LiveNode[] {
    return [...this.#managed.get(application)];
  }

  /** The owners of an object that bears a mark of inferred ownership. */
  inferredOwners(childToken: string): LiveNode['owners'] {
    const owner = this.#inferred.parentOf(childToken);
    return owner ? [ownerOf(owner)] : [];
  }

  childrenOf(uid: string): Iterable<LiveNode> {
    return this.#children.get(uid);
  }

  /** Unmanaged objects of a namespace that nobody owns. */
  looseIn(namespace: string): readonly LiveNode[] {
    return [...this.#loose.get(namespace)];
  }

  /** Objects of a namespace that nobody owns and that are tracked by something that does not exist. */
  strayIn(namespace: string, exists: (application: string) => boolean): readonly LiveNode[] {
    const gone = [...this.#managed.names()].filter((application) => !exists(application));
    return gone.flatMap((application) => this.managedBy(application)).filter(({ key }) => key.namespace === namespace);
  }

  /** Pods by the node they are placed on. */
  podsOn(node: string): readonly LiveNode[] {
    return [...this.#placed.get(node)];
  }

  /** Puts a node in place of what is there under its key. */
  put({ node, childToken, parentTokens }: BuiltNode): void {
    const before = this.get(node.key);
    if (before) this.remove(before);
    const name = kindName(node.key);
    let kind = this.#kinds.get(name);
    if (!kind) {
      kind = new Map();
      this.#kinds.set(name, kind);
    }
    // `join` makes the text in one piece; a template leaves the pieces in memory beside it.
    kind.set([node.key.namespace, node.key.name].join('/'), node);
    this.#size += 1;
    if (node.uid) this.#byUid.set(node.uid, node);
    this.#link(node);
    this.#inferred.add(node, { childToken, parentTokens });
  }

  remove(node: LiveNode): void {
    const name = kindName(node.key);
    const kind = this.#kinds.get(name);
    if (!kind?.delete(`${node.key.namespace}/${node.key.name}`)) return;
    if (kind.size === 0) this.#kinds.delete(name);
    this.#size -= 1;
    if (this.#byUid.get(node.uid) === node) this.#byUid.delete(node.uid);
    this.#unlink(node);
    this.#inferred.remove(node);
  }

  #count(node: LiveNode, change: 1 | -1): void {
    if (!node.object && node.owners.length === 0) return;
    const name = kindName(node.key);
    this.#concerning.set(name, (this.#concerning.get(name) ?? 0) + change);
  }

  #link(node: LiveNode): void {
    this.#count(node, 1);
    if (node.object && node.application !== undefined) this.#managed.add(node.application, node);
    for (const { uid } of node.owners) this.#children.add(uid, node);
    if (isLoose(node)) this.#loose.add(node.key.namespace, node);
    if (node.placed) this.#placed.add(node.placed.node, node);
  }

  #unlink(node: LiveNode): void {
    this.#count(node, -1);
    if (node.object && node.application !== undefined) this.#managed.delete(node.application, node);
    for (const { uid } of node.owners) this.#children.delete(uid, node);
    if (isLoose(node)) this.#loose.delete(node.key.namespace, node);
    if (node.placed) this.#placed.delete(node.placed.node, node);
  }

  #setInferredOwner(child: LiveNode, owner: LiveNode | undefined): void {
    this.#unlink(child);
    child.owners = owner ? [ownerOf(owner)] : [];
    this.#link(child);
  }
}

function ownerOf({ uid, version, key }: LiveNode): LiveNode['owners'][number] {
  return { uid, version, key };
}

/** Whether a node is of a namespace, and neither managed nor owned. */
export function isLoose(node: LiveNode): boolean {
  return node.application === undefined && node.owners.length === 0 && node.key.namespace !== '';
}
