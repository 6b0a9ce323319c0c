import { assessHealth } from '@plumbline/health';
import { deepEqual, type GroupKind, type KubeObject, keyOf, type ResourceKey } from '@plumbline/manifests';
import { isLater } from '../../objects/resource-version.ts';
import type { Discovery, WatchEvent } from '../../types.ts';
import type { ChangeCollector, ChangeDepth } from '../changes/change-collector.ts';
import { compareNodes, type Difference } from '../changes/differences.ts';
import { type BuiltNode, buildNode, type NodeContext } from '../facts/build-node.ts';
import type { LiveNode, LiveStateOptions, SecretMask } from '../types.ts';
import { createInterner } from './interner.ts';
import { isLoose, LiveIndex } from './live-index.ts';
import { RecentWrites } from './recent-writes.ts';
import { applicationsOf } from './relatives.ts';
import { createSharer } from './sharer.ts';

interface LiveObjectsOptions {
  discovery: Pick<Discovery, 'preferred'>;
  secretMask: SecretMask;
  trackingOf: (object: KubeObject) => string | undefined;
  assess?: LiveStateOptions['assess'];
  isIgnoredUpdate?: LiveStateOptions['isIgnoredUpdate'];
  shown?: LiveStateOptions['shown'];
  changes: ChangeCollector;
}

/** Applies watch events and our own writes to the index, and notes what they mean for applications. */
export class LiveObjects {
  readonly index = new LiveIndex();
  readonly #changes: ChangeCollector;
  readonly #writes = new RecentWrites();
  /** Objects whose next event counts although they have not changed, by uid. */
  readonly #again = new Set<string>();
  readonly #context: NodeContext;
  readonly #isIgnoredUpdate: LiveStateOptions['isIgnoredUpdate'];

  constructor(options: LiveObjectsOptions) {
    const { discovery, secretMask, trackingOf, assess = assessHealth, changes } = options;
    this.#changes = changes;
    this.#isIgnoredUpdate = options.isIgnoredUpdate;
    const intern = createInterner();
    const keyOfOwner: NodeContext['keyOfOwner'] = ({ group, kind, name, uid }, child) => {
      const known = this.index.byUid(uid);
      if (known) return known.key;
      const namespaced = discovery.preferred({ group, kind })?.namespaced ?? true;
      const namespace = namespaced ? (child.metadata.namespace ?? '') : '';
      return { group: intern(group), kind: intern(kind), namespace: intern(namespace), name };
    };
    const { shown } = options;
    this.#context = { secretMask, trackingOf, assess, shown, keyOfOwner, intern, share: createSharer() };
  }

  /** A watch told something. Events from before our own later write are dropped. */
  onEvent({ type, object }: WatchEvent): void {
    const { uid = '', resourceVersion = '' } = object.metadata;
    const known = this.index.get(keyOf(object));
    if (type === 'DELETED') {
      this.#writes.deleted(uid);
      if (known?.uid === uid) this.#remove(known);
      return;
    }
    if (known?.uid === uid && known.resourceVersion === resourceVersion && !this.#again.delete(uid)) {
      this.#writes.isOutdated(uid, resourceVersion);
      return;
    }
    if (this.#writes.isOutdated(uid, resourceVersion)) return;
    if (known && known.uid !== uid && this.#writes.isBefore(known, resourceVersion)) return;
    this.#put(this.#build(object), known);
  }

  /** Our own write was answered with this object. */
  observe(object: KubeObject, watched: boolean): LiveNode {
    const built = this.#build(object);
    const { node } = built;
    const known = this.index.get(node.key);
    // The watch can be faster than the answer: an object that is gone already must not come back.
    if (!watched || this.#writes.isGone(node.uid)) return node;
    if (known && !isLater(node.resourceVersion, known.resourceVersion)) return known;
    this.#writes.written(node.uid, node.resourceVersion);
    this.#put(built, known);
    return node;
  }

  /** Our own delete removed the object at once. */
  forget(key: ResourceKey, uid: string): void {
    this.#writes.deleted(uid);
    const known = this.index.get(key);
    if (known?.uid === uid) this.#remove(known);
  }

  /** The next event of each object of the kind is to be taken in, whether it has changed or not. */
  takeAgain(kind: GroupKind): void {
    for (const node of this.index.ofKind(kind).values()) this.#again.add(node.uid);
  }

  /** Tells of all managed objects of a kind: what is known of them is to be judged anew. */
  tellOf(kind: GroupKind): void {
    for (const { object, application, key } of this.index.ofKind(kind).values()) {
      if (object && application !== undefined) this.#changes.add([application], { depth: 'compare', key });
    }
  }

  /** Whether an object was deleted of late. */
  isGone(uid: string): boolean {
    return this.#writes.isGone(uid);
  }

  /** A kind is no longer served. */
  forgetKind(kind: GroupKind): void {
    for (const node of [...this.index.ofKind(kind).values()]) this.#remove(node);
  }

  #build(object: KubeObject): BuiltNode {
    const built = buildNode(object, this.#context);
    const { node, childToken } = built;
    if (childToken !== undefined) node.owners = this.index.inferredOwners(childToken);
    return built;
  }

  #put(built: BuiltNode, known: LiveNode | undefined): void {
    const { node } = built;
    const before = known?.uid === node.uid ? known : undefined;
    if (known && !before) this.#remove(known);
    const difference: Difference = before ? this.#difference(before, node) : 'object';
    // Of objects that nobody manages only facts are known, labels are not: any write counts.
    if (isNamespace(node.key) && (difference !== 'none' || !node.object)) this.#changes.addNamespace(node.key.name);
    if (before && difference === 'none' && !before.object) {
      before.resourceVersion = node.resourceVersion;
      before.version = node.version;
      return;
    }
    const concerned = before ? applicationsOf(this.index, before) : undefined;
    const wasLoose = before !== undefined && isLoose(before);
    this.index.put(built);
    if (wasLoose !== isLoose(node)) this.#changes.addLoose(node.key.namespace);
    if (difference === 'none') return;
    const applications = applicationsOf(this.index, node);
    const lost = before && takenFrom(before, node);
    concerned?.forEach((application) => {
      if (application !== lost) applications.add(application);
    });
    if (lost !== undefined && !applications.has(lost)) this.#changes.addLost(lost, node.key);
    this.#changes.add(applications, { depth: depthOf(difference, node.object ?? before?.object), key: node.key });
  }

  #difference(before: LiveNode, after: LiveNode): Difference {
    const difference = compareNodes(before, after);
    if (difference !== 'object' || !before.object || !after.object || !this.#isIgnoredUpdate) return difference;
    if (before.application !== after.application || !this.#isIgnoredUpdate(before.object, after.object))
      return difference;
    return deepEqual(before.health, after.health) ? 'none' : 'facts';
  }

  #remove(node: LiveNode): void {
    this.#again.delete(node.uid);
    if (isLoose(node)) this.#changes.addLoose(node.key.namespace);
    const applications = applicationsOf(this.index, node);
    this.index.remove(node);
    if (isNamespace(node.key)) this.#changes.addNamespace(node.key.name);
    this.#changes.add(applications, { depth: depthOf('object', node.object), key: node.key });
  }
}

function isNamespace({ group, kind }: ResourceKey): boolean {
  return kind === 'Namespace' && group === '';
}

/** The application that another has just taken a managed object over from. */
function takenFrom(before: LiveNode, after: LiveNode): string | undefined {
  if (!before.object || !after.object || after.application === undefined) return undefined;
  return before.application === after.application ? undefined : before.application;
}

/** A change of an unmanaged object is one below managed ones, whatever it is. */
function depthOf(difference: Difference, managed: KubeObject | undefined): ChangeDepth {
  if (!managed) return 'below';
  return difference === 'object' ? 'compare' : 'facts';
}
