import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';

/** Writes argocd-secret, where passwords and API keys are kept (reference §10.4). */
export interface ControlSecret {
  /**
   * Writes what `change` makes of the newest data (decoded), again from the start when someone else was faster. What it throws
   * refuses the change.
   */
  change(change: (data: Readonly<Record<string, string>>) => Readonly<Record<string, string>>): Promise<void>;
}

const attempts = 10;
const secretName = 'argocd-secret';

function decoded(data: unknown): Record<string, string> {
  const entries = typeof data === 'object' && data !== null ? Object.entries(data) : [];
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')]),
  );
}

/** @param namespace of the control plane */
export function createControlSecret({ client, namespace }: { client: KubeClient; namespace: string }): ControlSecret {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: secretName };
  return {
    change: async (change) => {
      for (let attempt = 1; ; attempt += 1) {
        const found = await client.get(ref);
        const changed = Object.entries(change(decoded(found['data'])));
        const data = Object.fromEntries(changed.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
        const metadata = { resourceVersion: found.metadata.resourceVersion };
        try {
          await client.patch(ref, { metadata, data }, { type: 'merge' });
          return;
        } catch (error) {
          if (attempt >= attempts || !hasCode(error, 'KUBE_CONFLICT')) throw error;
        }
      }
    },
  };
}
