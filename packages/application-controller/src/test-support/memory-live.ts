import type { LiveNode, LiveState, SecretMask } from '@plumbline/cluster';
import { assessHealth, type HealthStatus } from '@plumbline/health';
import {
  imagesOf,
  type KubeObject,
  keyOf,
  keyString,
  type ResourceKey,
  splitApiVersion,
  type TrackingOptions,
  trackedApplication,
} from '@plumbline/manifests';
import type { MemoryCluster } from './memory-cluster.ts';

export const tracking: TrackingOptions = { method: 'annotation', instanceLabelKey: 'app.kubernetes.io/instance' };

/** The port {@link LiveState} over a {@link MemoryCluster}, without any delay. */
export class MemoryLive implements LiveState {
  /** Health by name of the object, in place of what its own fields say. */
  health: Record<string, HealthStatus['status']> = {};
  /** Why kinds cannot be seen, by `group/kind`. */
  readonly doubts: Record<string, string> = {};
  readonly #cluster: MemoryCluster;
  readonly #mask: SecretMask;

  constructor(cluster: MemoryCluster, mask: SecretMask) {
    this.#cluster = cluster;
    this.#mask = mask;
  }

  async ready() {}

  get(key: ResourceKey): LiveNode | undefined {
    const object = this.#cluster.objects.get(keyString(key));
    return object && this.#node(object);
  }

  managedBy(application: string): LiveNode[] {
    return this.#all().filter((node) => node.object && node.application === application);
  }

  descendants(uid: string): LiveNode[] {
    const children = this.#all().filter((node) => node.owners.some((owner) => owner.uid === uid));
    return children.flatMap((child) => [child, ...this.descendants(child.uid)]);
  }

  orphans(namespace: string, exists: (application: string) => boolean = () => true): LiveNode[] {
    const isFree = ({ application }: LiveNode) => application === undefined || !exists(application);
    return this.#all().filter((node) => node.key.namespace === namespace && isFree(node) && node.owners.length === 0);
  }

  podsOn(): LiveNode[] {
    return [];
  }

  observe(object: KubeObject): LiveNode {
    return this.#node(object);
  }

  forget(): void {}

  async ensureWatched() {}

  assessAgain(): void {}

  failures() {
    return new Map<string, string>();
  }

  doubt(key: { group: string; kind: string }) {
    return this.doubts[`${key.group}/${key.kind}`];
  }

  async audit() {
    return [];
  }

  onChange() {
    return () => {};
  }

  stats() {
    return { kinds: 0, objects: 0 };
  }

  async close() {}

  #all(): LiveNode[] {
    return [...this.#cluster.objects.values()].map((object) => this.#node(object));
  }

  #node(object: KubeObject): LiveNode {
    const { metadata } = object;
    const owners = metadata.ownerReferences ?? [];
    const application = trackedApplication(object, tracking);
    const forced = this.health[metadata.name ?? ''];
    return {
      key: keyOf(object),
      version: splitApiVersion(object.apiVersion).version,
      uid: metadata.uid ?? '',
      resourceVersion: metadata.resourceVersion ?? '',
      createdAt: undefined,
      deletionTimestamp: metadata.deletionTimestamp,
      application,
      object: application && owners.length === 0 ? this.#mask.mask(object) : undefined,
      owners: owners.map(({ apiVersion, kind, name, uid }) => ({
        uid,
        version: splitApiVersion(apiVersion).version,
        key: { group: splitApiVersion(apiVersion).group, kind, name, namespace: metadata.namespace ?? '' },
      })),
      health: forced ? { status: forced } : assessHealth(object),
      images: imagesOf(object),
      info: [],
    };
  }
}
