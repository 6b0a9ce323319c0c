import { connect as connectKube } from '@plumbline/cluster';
import { silentLogger } from '@plumbline/telemetry';
import { atEnd } from '../at-end.ts';
import { Fatal } from '../fatal.ts';
import { firstCluster, type KubeContext } from './kubeconfig.ts';

/** The address that a cluster itself tells everybody, in the ConfigMap kube-public/cluster-info. Throws Fatal where it tells none. */
export async function publicEndpoint(
  found: KubeContext,
  { path, context }: { path: string; context: string },
): Promise<KubeContext> {
  const client = await connectKube({ kind: 'kubeconfig', path, context }, { logger: silentLogger });
  atEnd(() => client.close());
  const info = await client.find({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'kube-public',
    name: 'cluster-info',
  });
  const data = (info?.['data'] ?? {}) as { kubeconfig?: string };
  const told = data.kubeconfig ? await firstCluster(data.kubeconfig) : undefined;
  if (!told) {
    throw new Fatal(`the cluster of ${context} has no kube-public/cluster-info`, {
      next: 'leave --cluster-endpoint out',
    });
  }
  const { caData } = told;
  const tlsClientConfig = { ...found.config.tlsClientConfig, ...(caData ? { caData } : {}) };
  return { server: told.server, config: { ...found.config, tlsClientConfig } };
}
