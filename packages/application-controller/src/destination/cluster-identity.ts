import type { KubeClient } from '@plumbline/cluster';

/** The namespace that every cluster has and nobody makes anew: its uid tells one cluster from another. */
const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' };

/** So often, at most, a cluster that is in use is asked whether it is still the same, ms. */
export const identityCheckMs = 30_000;

/**
 * Tells a cluster from another one that answers at the same address: restored, made anew, or another one altogether. Watches
 * do not notice: they go on from a version that the other one has not reached.
 */
export class ClusterIdentity {
  readonly #client: Pick<KubeClient, 'find'>;
  readonly #clock: () => number;
  #uid: string | undefined;
  #checkedAt: number;

  private constructor(client: Pick<KubeClient, 'find'>, clock: () => number, uid: string | undefined) {
    this.#client = client;
    this.#clock = clock;
    this.#uid = uid;
    this.#checkedAt = clock();
  }

  /** Remembers who answers now. Who may not be asked is not told from others. */
  static async of(client: Pick<KubeClient, 'find'>, clock: () => number = Date.now): Promise<ClusterIdentity> {
    return new ClusterIdentity(client, clock, await uidOf(client));
  }

  /** Whether another cluster answers now. Asks at most once in {@link identityCheckMs}; no answer is no news. */
  async isReplaced(): Promise<boolean> {
    if (this.#clock() - this.#checkedAt < identityCheckMs) return false;
    this.#checkedAt = this.#clock();
    const uid = await uidOf(this.#client);
    this.#uid ??= uid;
    return uid !== undefined && uid !== this.#uid;
  }
}

async function uidOf(client: Pick<KubeClient, 'find'>): Promise<string | undefined> {
  try {
    return (await client.find(ref))?.metadata.uid;
  } catch {
    return undefined;
  }
}
