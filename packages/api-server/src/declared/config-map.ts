import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';

/** Entries of a ConfigMap. */
export type ConfigData = Readonly<Record<string, string>>;

/** A ConfigMap of the control plane that users change over the API. */
export interface ConfigMapStore {
  read(): Promise<ConfigData>;
  /**
   * Changes it from what it holds now, again from the start where another writer was faster; made where it is not there. The
   * same data again is no change.
   */
  change(next: (data: ConfigData) => ConfigData | Promise<ConfigData>): Promise<void>;
}

const attempts = 5;

function dataOf(object: Readonly<Record<string, unknown>> | null): ConfigData {
  const data = object?.['data'];
  return typeof data === 'object' && data !== null ? (data as ConfigData) : {};
}

export function createConfigMapStore(
  { client, namespace }: { client: KubeClient; namespace: string },
  name: string,
): ConfigMapStore {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name };
  return {
    read: async () => dataOf(await client.find(ref)),
    async change(next) {
      for (let attempt = 1; ; attempt += 1) {
        const stored = await client.find(ref);
        const before = dataOf(stored);
        const after = await next(before);
        if (after === before) return;
        const metadata = stored?.metadata ?? { name, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } };
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { ...after } };
        try {
          await (stored ? client.replace(object) : client.create(object));
          return;
        } catch (error) {
          if (!hasCode(error, 'KUBE_CONFLICT') || attempt === attempts) throw error;
        }
      }
    },
  };
}
