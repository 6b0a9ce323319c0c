import type { KubeClient } from '@plumbline/cluster';
import type { BackupScope } from './backup-objects.ts';

export interface ScopeFlags {
  applicationNamespaces?: string[];
  applicationsetNamespaces?: string[];
}

const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The namespaces of a backup: those of the flags, else those of argocd-cmd-params-cm. */
export async function backupScope(
  client: KubeClient,
  { namespace, flags }: { namespace: string; flags: ScopeFlags },
): Promise<BackupScope> {
  const params = await client.find({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cmd-params-cm' });
  const data = (params?.['data'] ?? {}) as Record<string, string>;
  return {
    namespace,
    applicationNamespaces: flags.applicationNamespaces ?? list(data['application.namespaces']),
    applicationsetNamespaces: flags.applicationsetNamespaces ?? list(data['applicationsetcontroller.namespaces']),
  };
}
