import { connect, createSecretMask, type KubeClient } from '@plumbline/cluster';
import { applicable, type DifferenceClass, type ExplainedDifference } from '@plumbline/diff';
import { isSecret, type KubeObject, keyOf, splitApiVersion } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { sharedControlPlane, type TestNamespace, testNamespace } from '@plumbline/testing';
import type { ResourceState } from '../compare/compare-state.ts';
import { LiveReader } from '../compare/live-reader.ts';
import { type ComparerRules, ResourceComparer } from '../compare/resource-comparer.ts';
import type { Destination } from '../destination/destinations.ts';
import { explainResource } from '../inspect/explain-resource.ts';
import { refOf } from '../object-ref.ts';
import { migrateOwnership } from '../operation/migrate-ownership.ts';
import { serverSideApply } from '../operation/server-side-apply.ts';
import { revealSecret, secretValuesOf } from '../target/secret-values.ts';
import { resourceState } from './states.ts';

const mask = createSecretMask(Buffer.from('key of the zoo'));

/** What a comparison says of one object. */
export interface Verdict {
  outOfSync: boolean;
  explanation: readonly ExplainedDifference[];
  /** `{ '/spec/replicas': 'default' }`. */
  classes: Record<string, DifferenceClass>;
  predicted: KubeObject | undefined;
  live: KubeObject;
}

/** Objects on a real control plane, written and compared as the controller does it. */
export class Zoo implements AsyncDisposable {
  readonly client: KubeClient;
  readonly namespace: TestNamespace;
  readonly #reader = new LiveReader(mask);
  readonly #comparer = new ResourceComparer();
  readonly #targets = new Map<KubeObject, KubeObject>();

  constructor(client: KubeClient, namespace: TestNamespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** The object in the namespace of the zoo, where its kind has one. */
  async place(object: KubeObject): Promise<KubeObject> {
    const resource = await this.client.discovery.find(object);
    if (!resource?.namespaced) return object;
    return { ...object, metadata: { ...object.metadata, namespace: this.namespace.name } };
  }

  /** A sync: takes over what client-side applies own, then applies as our manager. */
  async sync(target: KubeObject): Promise<KubeObject> {
    const masked = this.#masked(target);
    const live = await this.client.find(refOf(keyOf(target), target.apiVersion));
    if (live) await migrateOwnership(live, this.client);
    const sent = isSecret(target) ? revealSecret(masked, secretValuesOf([target], mask)) : target;
    return (await serverSideApply(this.client, applicable(sent))).object;
  }

  /** A comparison with the object as it is live now. */
  async compare(target: KubeObject, rules: Partial<ComparerRules> = {}): Promise<Verdict> {
    const masked = this.#masked(target);
    const live = mask.mask(await this.client.get(refOf(keyOf(target), target.apiVersion)));
    const all: ComparerRules = { ignoreDifferences: [], ignoreStatus: 'all', ...rules };
    const referee = this.#reader.forDestination(this.#destination);
    const comparison = await this.#comparer.compare({ target: masked, live }, all, referee);
    const state: ResourceState = resourceState(masked, { liveObject: live, comparison });
    const { explanation } = await explainResource(state, all);
    return {
      outOfSync: comparison.outOfSync,
      explanation,
      classes: Object.fromEntries(explanation.map((item) => [item.path, item.class])),
      predicted: comparison.predicted,
      live,
    };
  }

  /** A change by somebody else: a merge patch, under that manager's name. */
  async change(target: KubeObject, patch: Record<string, unknown>, manager: string): Promise<KubeObject> {
    const ref = refOf(keyOf(target), target.apiVersion);
    return this.client.patch(ref, patch, { type: 'merge', fieldManager: manager });
  }

  /** Removes an object of the cluster; those of the namespace go with it. */
  async remove(target: KubeObject): Promise<void> {
    const ref = refOf(keyOf(target), target.apiVersion);
    await this.client.delete(ref, { propagationPolicy: 'Background' }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.namespace[Symbol.asyncDispose]();
    await this.client.close();
  }

  get #destination(): Destination {
    return { client: this.client, server: this.client.server } as Destination;
  }

  #masked(target: KubeObject): KubeObject {
    const known = this.#targets.get(target) ?? mask.mask(target);
    this.#targets.set(target, known);
    return known;
  }
}

/** A zoo on the shared control plane. */
export async function openZoo(): Promise<Zoo> {
  const { kubeconfig } = await sharedControlPlane();
  const client = await connect({ kind: 'kubeconfig', path: kubeconfig }, { logger: silentLogger });
  return new Zoo(client, await testNamespace(client, 'zoo'));
}

/** `apps/Deployment`. */
export function kindName({ apiVersion, kind }: KubeObject): string {
  const { group } = splitApiVersion(apiVersion);
  return group ? `${group}/${kind}` : kind;
}
