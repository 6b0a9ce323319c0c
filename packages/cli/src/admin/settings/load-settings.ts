import type { KubeObject } from '@plumbline/manifests';
import { parseYaml } from '@plumbline/manifests';
import { settingsOf } from '@plumbline/settings';
import { connectKube, type KubeOptions } from '../../core/kube-access.ts';
import { Fatal } from '../../fatal.ts';
import { fileOf } from '../../read-file.ts';

/** Where settings to try out come from: files, the cluster, or both, where a file stands for its object. */
export interface SettingsSource extends KubeOptions {
  argocdCmPath?: string;
  argocdSecretPath?: string;
  loadClusterSettings?: boolean;
}

/** The object in a file, under the name that it has in the control plane whatever it is called. */
async function objectIn(path: string | undefined, kind: 'ConfigMap' | 'Secret', name: string): Promise<KubeObject[]> {
  const text = await fileOf(path, kind);
  if (text === undefined) return [];
  const value = parseYaml(text, { file: path ?? name }) as KubeObject | null;
  if (typeof value !== 'object' || value === null || value.kind !== kind) {
    throw new Fatal(`${path} holds no ${kind}`, { exitCode: 1 });
  }
  return [{ ...value, metadata: { ...value.metadata, name } }];
}

async function ofCluster(options: SettingsSource): Promise<KubeObject[]> {
  const { client, namespace } = await connectKube(options);
  const kinds = ['ConfigMap', 'Secret'].map((kind) =>
    client.list({ apiVersion: 'v1', kind, namespace }, { labelSelector: 'app.kubernetes.io/part-of=argocd' }),
  );
  const lists = await Promise.all(kinds);
  return lists.flatMap(({ items }, index) =>
    items.map((item) => ({ ...item, apiVersion: 'v1', kind: index === 0 ? 'ConfigMap' : 'Secret' })),
  );
}

/** Reads settings. Throws Fatal where no source is named; a value that is bad is among the problems. */
export async function loadSettings(options: SettingsSource): Promise<ReturnType<typeof settingsOf>> {
  const { argocdCmPath, argocdSecretPath, loadClusterSettings } = options;
  if (!argocdCmPath && !argocdSecretPath && !loadClusterSettings) {
    throw new Fatal('no settings are named', {
      next: 'give a file with --argocd-cm-path, or take those of the cluster with --load-cluster-settings',
      exitCode: 1,
    });
  }
  return settingsOf([
    ...(loadClusterSettings ? await ofCluster(options) : []),
    ...(await objectIn(argocdCmPath, 'ConfigMap', 'argocd-cm')),
    ...(await objectIn(argocdSecretPath, 'Secret', 'argocd-secret')),
  ]);
}
