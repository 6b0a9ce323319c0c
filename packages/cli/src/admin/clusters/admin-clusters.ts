import { writeFile } from 'node:fs/promises';
import { connectKube, type KubeOptions } from '../../core/kube-access.ts';
import { Fatal } from '../../fatal.ts';
import { table } from '../../output/table.ts';
import type { Terminal } from '../../terminal.ts';
import {
  allApplications,
  applicationsOf,
  clustersLike,
  type DeclaredCluster,
  declaredClusters,
  namespacesOf,
} from './cluster-facts.ts';

type Member = Record<string, unknown>;
const memberOf = (value: unknown): Member => (typeof value === 'object' && value !== null ? (value as Member) : {});

/** A kubeconfig with what a Secret says of a cluster. */
function kubeconfigOf({ name, server, config }: DeclaredCluster): unknown {
  const tls = memberOf(config['tlsClientConfig']);
  const exec = memberOf(config['execProviderConfig']);
  const env = Object.entries(memberOf(exec['env'])).map(([key, value]) => ({ name: key, value: String(value) }));
  const said = (members: Member): Member => Object.fromEntries(Object.entries(members).filter(([, value]) => value));
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: said({
          server,
          'certificate-authority-data': tls['caData'],
          'insecure-skip-tls-verify': tls['insecure'],
          'tls-server-name': tls['serverName'],
          'proxy-url': config['proxyUrl'],
        }),
      },
    ],
    users: [
      {
        name,
        user: said({
          token: config['bearerToken'],
          username: config['username'],
          password: config['password'],
          'client-certificate-data': tls['certData'],
          'client-key-data': tls['keyData'],
          exec: exec['command'] ? { ...exec, env, interactiveMode: 'IfAvailable' } : undefined,
        }),
      },
    ],
  };
}

/** `plumb admin cluster kubeconfig`. */
export async function clusterKubeconfig(
  terminal: Terminal,
  { id, out }: { id: string; out: string | undefined },
  options: KubeOptions,
): Promise<void> {
  const { client, namespace } = await connectKube(options);
  const all = await declaredClusters(client, namespace);
  const found = all.find(({ name, server }) => name === id || server === id.replace(/\/+$/, ''));
  if (!found)
    throw new Fatal(`no cluster "${id}" is declared`, { next: `there are ${all.map(({ name }) => name).join(', ')}` });
  if (!found.secret)
    throw new Fatal('the cluster of the control plane itself has no Secret', { next: 'use your own kubeconfig' });
  const { dump } = await import('js-yaml');
  const text = dump(JSON.parse(JSON.stringify(kubeconfigOf(found))), { lineWidth: -1 });
  if (out === undefined || out === '-') terminal.out(text);
  else await writeFile(out, text, { mode: 0o600 });
}

/** `plumb admin cluster namespaces`: what Applications deploy to on each cluster. */
export async function clusterNamespaces(terminal: Terminal, options: KubeOptions): Promise<void> {
  const { client, namespace } = await connectKube(options);
  const [clusters, applications] = [await declaredClusters(client, namespace), await allApplications(client)];
  const rows = clusters.map((cluster) => {
    const used = namespacesOf(applicationsOf(cluster, applications));
    return [cluster.server, cluster.name, cluster.namespaces.join(',') || '*', used.join(',') || '-'];
  });
  terminal.out(table(['SERVER', 'NAME', 'MANAGED', 'USED'], rows));
}

/** `plumb admin cluster namespaces enable-namespaced-mode` and `disable-namespaced-mode`. */
export async function changeNamespacedMode(
  terminal: Terminal,
  { pattern, enable }: { pattern: string; enable: boolean },
  options: KubeOptions & { dryRun: boolean; clusterResources?: boolean; maxNamespaceCount?: number },
): Promise<void> {
  const { client, namespace } = await connectKube(options);
  const applications = await allApplications(client);
  const found = clustersLike(pattern, await declaredClusters(client, namespace));
  if (found.length === 0)
    throw new Fatal(`no cluster matches ${pattern}`, { next: 'plumb admin cluster namespaces lists them' });
  for (const cluster of found) {
    const { name, secret } = cluster;
    const used = enable ? namespacesOf(applicationsOf(cluster, applications)) : [];
    if (!secret) terminal.out(`${name} skipped: it has no Secret\n`);
    else if (enable && used.length === 0) terminal.out(`${name} skipped: no application goes there\n`);
    else if (enable && options.maxNamespaceCount && used.length > options.maxNamespaceCount)
      terminal.out(`${name} skipped: ${used.length} namespaces are used\n`);
    else {
      const encode = (text: string): string => Buffer.from(text).toString('base64');
      const resources = enable && options.clusterResources ? encode('true') : null;
      const data = { namespaces: enable ? encode(used.join(',')) : null, clusterResources: resources };
      const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: secret };
      if (!options.dryRun) await client.patch(ref, { data }, { type: 'merge' });
      const note = options.dryRun ? ' (dry run: --dry-run=false does it)' : '';
      terminal.out(`${name} ${enable ? `manages ${used.join(',')}` : 'manages all namespaces'}${note}\n`);
    }
  }
}
