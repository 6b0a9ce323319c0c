import type { LiveNode, LiveState } from '@plumbline/cluster';
import { keyString, parseKeyString, type ResourceKey, stringifyJson } from '@plumbline/manifests';
import { type HostInfo, isMissing, type ResourceNode, type ResourceTree, type TreeDelta } from '@plumbline/protocol';
import { hostInfo } from './hosts.ts';
import { type Permits, toResourceNode } from './resource-tree.ts';

/** What a delta carries beside its number. */
export type TreeChange = Omit<TreeDelta, 'session' | 'number' | 'whole'>;

interface Seen {
  key: string;
  text: string;
  owners: readonly string[];
  host: string | undefined;
}

type Changes = { nodes: Map<string, ResourceNode>; removed: Set<string>; hosts: Set<string> };

/**
 * What listeners know of one Application's tree, to find out what they do not know yet. Following live objects one by one
 * ({@link follow}) costs what these and their descendants cost; {@link replace} compares with a whole tree.
 */
export class TreeImage {
  readonly #application: string;
  readonly #live: LiveState;
  readonly #nodes = new Map<string, Seen>();
  readonly #byKey = new Map<string, string>();
  readonly #children = new Map<string, Set<string>>();
  readonly #onHost = new Map<string, Set<string>>();
  readonly #hosts = new Map<string, string>();
  #orphans = new Map<string, string>();
  /** Declared objects that are not there. */
  #missing = new Map<string, string>();
  #permits: Permits = () => true;
  /** Declared objects that are live but do not carry our mark. */
  #roots = new Set<string>();

  constructor(application: string, live: LiveState) {
    this.#application = application;
    this.#live = live;
  }

  get live(): LiveState {
    return this.#live;
  }

  /** Compares with the whole tree, made by what the project permits now. */
  replace(tree: ResourceTree, permits: Permits = this.#permits): TreeChange | undefined {
    this.#permits = permits;
    const changes: Changes = { nodes: new Map(), removed: new Set(), hosts: new Set() };
    const now = new Set(tree.nodes.map(({ uid }) => uid));
    this.#roots = new Set(
      tree.nodes.filter(({ parentRefs }) => !parentRefs?.some(({ uid }) => uid && now.has(uid))).map(({ uid }) => uid),
    );
    for (const uid of [...this.#nodes.keys()]) if (!now.has(uid)) this.#drop(uid, changes);
    for (const node of tree.nodes) {
      const live = this.#live.get({ group: node.group ?? '', namespace: node.namespace ?? '', ...pick(node) });
      if (live?.uid === node.uid) this.#put(live, changes);
    }
    const missing = replaced(this.#missing, tree.nodes.filter(isMissing), changes.removed);
    const orphans = replaced(this.#orphans, tree.orphanedNodes, changes.removed);
    for (const node of missing.changed) changes.nodes.set(node.uid, node);
    this.#missing = missing.texts;
    this.#orphans = orphans.texts;
    for (const name of [...this.#hosts.keys(), ...tree.hosts.map(({ name: host }) => host)]) changes.hosts.add(name);
    return this.#change(changes, orphans.changed);
  }

  /** Looks at live objects that have changed, come or gone. */
  follow(keys: readonly ResourceKey[]): TreeChange | undefined {
    const changes: Changes = { nodes: new Map(), removed: new Set(), hosts: new Set() };
    for (const key of keys) {
      const node = this.#live.get(key);
      const known = this.#byKey.get(keyString(key));
      if (known !== undefined && known !== node?.uid) this.#dropBranch(known, changes);
      if (node) this.#followNode(node, changes);
    }
    return this.#change(changes, []);
  }

  #followNode(node: LiveNode, changes: Changes): void {
    const known = this.#nodes.has(node.uid);
    if (!this.#belongs(node, new Set())) {
      if (known) this.#dropBranch(node.uid, changes);
      return;
    }
    this.#put(node, changes);
    if (known) return;
    for (const child of this.#live.descendants(node.uid)) {
      if (this.#belongs(child, new Set())) this.#put(child, changes);
    }
  }

  #belongs(node: LiveNode, seen: Set<string>): boolean {
    if ((node.object && node.application === this.#application) || this.#roots.has(node.uid)) return true;
    if (seen.has(node.uid) || !this.#permits(node.key)) return false;
    seen.add(node.uid);
    return node.owners.some(({ uid, key }) => {
      const owner = this.#live.get(key);
      return owner?.uid === uid && this.#belongs(owner, seen);
    });
  }

  #put(node: LiveNode, changes: Changes): void {
    const shown = toResourceNode(node);
    const text = stringifyJson(shown);
    const before = this.#nodes.get(node.uid);
    const host = node.placed?.node;
    if (before?.host !== host || (host && before?.text !== text)) {
      if (before?.host) this.#leaveHost(node.uid, before.host, changes);
      if (host) changes.hosts.add(host);
    }
    if (before?.text === text && before.host === host) return;
    if (before) this.#unlink(node.uid, before);
    const key = keyString(node.key);
    const owners = node.owners.map(({ uid }) => uid);
    this.#nodes.set(node.uid, { key, text, owners, host });
    this.#byKey.set(key, node.uid);
    for (const owner of owners) addTo(this.#children, owner, node.uid);
    if (host) addTo(this.#onHost, host, node.uid);
    changes.removed.delete(node.uid);
    changes.nodes.set(node.uid, shown);
  }

  /** A node and what it leaves without a way up. */
  #dropBranch(uid: string, changes: Changes): void {
    const children = [...(this.#children.get(uid) ?? [])];
    if (!this.#drop(uid, changes)) return;
    for (const child of children) {
      const seen = this.#nodes.get(child);
      const node = seen && this.#live.get(parseKeyString(seen.key));
      if (seen && !(node?.uid === child && this.#belongs(node, new Set()))) this.#dropBranch(child, changes);
    }
  }

  #drop(uid: string, changes: Changes): boolean {
    const seen = this.#nodes.get(uid);
    if (!seen) return false;
    this.#unlink(uid, seen);
    if (seen.host) this.#leaveHost(uid, seen.host, changes);
    this.#nodes.delete(uid);
    if (this.#byKey.get(seen.key) === uid) this.#byKey.delete(seen.key);
    this.#roots.delete(uid);
    changes.nodes.delete(uid);
    changes.removed.add(uid);
    return true;
  }

  #unlink(uid: string, { owners }: Seen): void {
    for (const owner of owners) removeFrom(this.#children, owner, uid);
  }

  #leaveHost(uid: string, host: string, changes: Changes): void {
    removeFrom(this.#onHost, host, uid);
    changes.hosts.add(host);
  }

  #change(changes: Changes, orphanedNodes: readonly ResourceNode[]): TreeChange | undefined {
    const hosts: HostInfo[] = [];
    const removedHosts: string[] = [];
    for (const name of changes.hosts) {
      const own = this.#onHost.get(name);
      const info = own && hostInfo(name, own, this.#live);
      if (!info) {
        if (this.#hosts.delete(name)) removedHosts.push(name);
        continue;
      }
      const text = stringifyJson(info);
      if (this.#hosts.get(name) === text) continue;
      this.#hosts.set(name, text);
      hosts.push(info);
    }
    const [nodes, removedNodes] = [[...changes.nodes.values()], [...changes.removed]];
    const all = [nodes, orphanedNodes, hosts, removedNodes, removedHosts];
    return all.every(({ length }) => length === 0)
      ? undefined
      : { nodes, orphanedNodes, hosts, removedNodes, removedHosts };
  }
}

/** What is new or other among nodes of which the texts are known; `removed` takes in those that have gone. */
function replaced(before: ReadonlyMap<string, string>, nodes: readonly ResourceNode[], removed: Set<string>) {
  const texts = new Map(nodes.map((node) => [node.uid, stringifyJson(node)]));
  for (const uid of before.keys()) if (!texts.has(uid)) removed.add(uid);
  return { texts, changed: nodes.filter(({ uid }) => before.get(uid) !== texts.get(uid)) };
}

function pick({ kind, name }: ResourceNode): { kind: string; name: string } {
  return { kind, name };
}

function addTo(sets: Map<string, Set<string>>, name: string, value: string): void {
  const set = sets.get(name);
  if (set) set.add(value);
  else sets.set(name, new Set([value]));
}

function removeFrom(sets: Map<string, Set<string>>, name: string, value: string): void {
  const set = sets.get(name);
  if (set?.delete(value) && set.size === 0) sets.delete(name);
}
