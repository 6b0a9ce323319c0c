import type { Discovery, KubeClient, ObjectRef, WatchEvent, WatchOptions } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { type KubeObject, keyOf, keyString, splitApiVersion } from '@plumbline/manifests';

const clusterScoped = new Set(['Namespace', 'CustomResourceDefinition', 'ClusterRole']);
const served = new Set(['', 'apps', 'batch', 'argoproj.io', 'apiextensions.k8s.io', 'rbac.authorization.k8s.io']);

/** The kinds of a plain cluster, and none else. */
const discovery: Discovery = {
  find: async ({ apiVersion, kind }) => {
    const { group, version } = splitApiVersion(apiVersion);
    if (!served.has(group)) return undefined;
    const plural = `${kind.toLowerCase()}s`;
    return { group, version, kind, plural, namespaced: !clusterScoped.has(kind), verbs: [], shortNames: [] };
  },
  preferred: () => undefined,
  all: () => [],
  apiVersions: () => ['apps/v1', 'v1'],
  unanswered: () => [],
  refresh: async () => {},
};

/**
 * The port {@link KubeClient} over a map: versions, uids, conflicts, finalizers and watches, none of a server's
 * defaults and checks. An apply lays the object over the live one.
 */
export class MemoryCluster implements KubeClient {
  readonly server = 'https://kubernetes.default.svc';
  readonly discovery = discovery;
  readonly objects = new Map<string, KubeObject>();
  /** What was asked for, in order: `apply ConfigMap/a`, `dry-run ConfigMap/a`, `delete …`, `patch …`. */
  readonly log: string[] = [];
  /** Requests that fail, by their line in the log; taken off by whoever put them in. */
  readonly refusals = new Map<string, PlumblineError>();
  /** Called before a request is carried out: somebody else may act in between. */
  before: (line: string) => void = () => {};
  /** Whether watches tell nothing until {@link catchUp}. */
  lagging = false;
  readonly #late: WatchEvent[] = [];
  readonly #watches = new Set<{ kind: string; options: WatchOptions }>();
  #serial = 0;

  /** Puts an object in, as somebody else would. */
  put(object: KubeObject): KubeObject {
    return this.#store(object);
  }

  async version() {
    return { gitVersion: 'v1.36.1', major: '1', minor: '36' };
  }

  async get(ref: ObjectRef) {
    return this.#existing(ref);
  }

  async find(ref: ObjectRef) {
    return this.objects.get(idOf(ref)) ?? null;
  }

  async list(kind: { apiVersion: string; kind: string }) {
    const items = [...this.objects.values()].filter((object) => object.kind === kind.kind);
    return { items, resourceVersion: String(this.#serial) };
  }

  async identities(kind: { apiVersion: string; kind: string }) {
    const { items, resourceVersion } = await this.list(kind);
    const identity = ({ metadata: { uid = '', resourceVersion: version = '' } }: KubeObject) => ({
      uid,
      resourceVersion: version,
    });
    const id = ({ metadata: { namespace = '', name = '' } }: KubeObject) => `${namespace}/${name}`;
    return { objects: new Map(items.map((object) => [id(object), identity(object)])), resourceVersion };
  }

  async create(object: KubeObject) {
    this.#begin('create', object.kind, object.metadata.name);
    return this.#store(object);
  }

  async replace(object: KubeObject) {
    this.#begin('replace', object.kind, object.metadata.name);
    return this.#store(object);
  }

  async apply(object: KubeObject, { dryRun }: { dryRun?: boolean }) {
    this.#begin(dryRun ? 'dry-run' : 'apply', object.kind, object.metadata.name);
    const live = this.objects.get(keyString(keyOf(object)));
    const merged = merge(live ?? {}, object) as KubeObject;
    return dryRun ? merged : this.#store(merged);
  }

  async patch(ref: ObjectRef, patch: unknown, { type }: { type: string }) {
    this.#begin('patch', ref.kind, ref.name);
    const live = this.#existing(ref);
    if (type !== 'merge') return live;
    const wanted = (patch as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== live.metadata.resourceVersion) {
      throw new PlumblineError('KUBE_CONFLICT', 'the object has been modified', { retry: 'transient' });
    }
    return this.#store(merge(live, patch) as KubeObject);
  }

  async delete(ref: ObjectRef, { uid, propagationPolicy }: { uid?: string; propagationPolicy: string }) {
    this.#begin(`delete ${propagationPolicy}`, ref.kind, ref.name);
    const live = this.#existing(ref);
    if (uid !== undefined && uid !== live.metadata.uid) throw new PlumblineError('KUBE_CONFLICT', 'another object');
    if ((live.metadata.finalizers ?? []).length > 0) {
      const metadata = { ...live.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
      return this.#store({ ...live, metadata });
    }
    this.remove(ref);
    return null;
  }

  /** The object is gone, whatever held it. */
  remove(ref: ObjectRef): void {
    const live = this.objects.get(idOf(ref));
    this.objects.delete(idOf(ref));
    if (live) this.#tell({ type: 'DELETED', object: live });
  }

  async watch(kind: { kind: string }, options: WatchOptions) {
    const watch = { kind: kind.kind, options };
    this.#watches.add(watch);
    options.signal.addEventListener('abort', () => this.#watches.delete(watch));
    for (const object of this.objects.values()) {
      if (object.kind === kind.kind) options.onEvent({ type: 'ADDED', object });
    }
    options.onSynced?.();
  }

  async exec(): Promise<never> {
    throw new Error('not part of these tests');
  }

  async readLines(): Promise<void> {
    throw new Error('not part of these tests');
  }

  async raw() {
    return undefined;
  }

  /** Everybody may do everything here. */
  impersonate(): KubeClient {
    return this;
  }

  requestCounts() {
    return {};
  }

  async close() {}

  #begin(verb: string, kind: string, name: string | undefined): void {
    const line = `${verb} ${kind}/${name}`;
    this.log.push(line);
    this.before(line);
    const refusal = this.refusals.get(line);
    if (refusal) throw refusal;
  }

  #existing(ref: ObjectRef): KubeObject {
    const live = this.objects.get(idOf(ref));
    if (!live) throw new PlumblineError('KUBE_NOT_FOUND', `${ref.kind} ${ref.name} not found`);
    return live;
  }

  #store(object: KubeObject): KubeObject {
    this.#serial += 1;
    const id = keyString(keyOf(object));
    const known = this.objects.get(id);
    const uid = known?.metadata.uid ?? `uid-${this.#serial}`;
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(this.#serial) } };
    if (known?.metadata.deletionTimestamp && (stored.metadata.finalizers ?? []).length === 0) {
      this.objects.delete(id);
      this.#tell({ type: 'DELETED', object: stored });
      return stored;
    }
    this.objects.set(id, stored);
    this.#tell({ type: known ? 'MODIFIED' : 'ADDED', object: stored });
    return stored;
  }

  /** Watches tell what they have held back. */
  catchUp(): void {
    this.lagging = false;
    for (const event of this.#late.splice(0)) this.#tell(event);
  }

  #tell(event: WatchEvent): void {
    if (this.lagging) {
      this.#late.push(event);
      return;
    }
    for (const { kind, options } of this.#watches) if (kind === event.object.kind) options.onEvent(event);
  }
}

function idOf({ apiVersion, kind, namespace = '', name }: ObjectRef): string {
  return keyString({ group: splitApiVersion(apiVersion).group, kind, namespace, name });
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else if (value !== undefined) result[name] = merge(result[name], value);
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
