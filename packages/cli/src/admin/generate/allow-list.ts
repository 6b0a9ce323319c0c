import { writeFile } from 'node:fs/promises';
import { applicationApiVersion } from '@plumbline/apis';
import { connectKube, type KubeOptions } from '../../core/kube-access.ts';
import { declaredIn } from '../../declared-in.ts';
import type { Terminal } from '../../terminal.ts';

interface ClusterRole {
  rules?: { apiGroups?: string[]; resources?: string[] }[];
}

/** `plumb admin proj generate-allow-list`: a project that permits the kinds that a ClusterRole is about, as the cluster serves them. */
export async function generateAllowList(
  terminal: Terminal,
  { file, name }: { file: string; name: string },
  options: KubeOptions & { out: string },
): Promise<void> {
  const [role = {}] = await declaredIn<ClusterRole>(file, 'ClusterRole');
  const { client, namespace } = await connectKube(options);
  await client.discovery.refresh();
  const allowed = client.discovery
    .all()
    .filter(({ group, plural }) =>
      (role.rules ?? []).some(
        ({ apiGroups = [], resources = [] }) =>
          [group, '*'].some((one) => apiGroups.includes(one)) && [plural, '*'].some((one) => resources.includes(one)),
      ),
    );
  const rules = (namespaced: boolean) =>
    allowed
      .filter((one) => one.namespaced === namespaced)
      .map(({ group, kind }) => ({ group, kind }))
      .sort((a, b) => `${a.group}/${a.kind}`.localeCompare(`${b.group}/${b.kind}`, 'en'));
  const { dump } = await import('js-yaml');
  const text = dump({
    ...{ apiVersion: applicationApiVersion, kind: 'AppProject' },
    metadata: { name, namespace },
    spec: { clusterResourceWhitelist: rules(false), namespaceResourceWhitelist: rules(true) },
  });
  if (options.out === '-') terminal.out(text);
  else await writeFile(options.out, text);
}
