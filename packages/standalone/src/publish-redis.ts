import type { KubeClient } from '@plumbline/cluster';

/**
 * Says in the Secret `plumbline-redis` where the Redis of this installation is: `plumb --core` asks the controller over it.
 * Who may read Secrets of the control plane may do everything anyway.
 */
export async function publishRedis(client: KubeClient, { namespace, url }: { namespace: string; url: string }) {
  const labels = { 'app.kubernetes.io/part-of': 'argocd', 'app.kubernetes.io/name': 'plumbline-redis' };
  await client.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'plumbline-redis', namespace, labels },
      type: 'Opaque',
      data: { url: Buffer.from(url).toString('base64') },
    },
    { fieldManager: 'plumbline', force: true },
  );
}
