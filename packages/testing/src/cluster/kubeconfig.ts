import { readFile } from 'node:fs/promises';
import { PlumblineError } from '@plumbline/errors';
import { parseYaml } from '@plumbline/manifests';

/** How to reach a cluster with a client certificate; PEM. */
export interface ClusterLogin {
  server: string;
  authority: string;
  certificate: string;
  key: string;
}

interface Kubeconfig {
  clusters?: { cluster?: { server?: string; 'certificate-authority-data'?: string } }[];
  users?: { user?: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

/** Reads the first cluster and user of a kubeconfig with embedded certificates, as the embedded control plane writes it. */
export async function readKubeconfig(file: string): Promise<ClusterLogin> {
  const config = parseYaml(await readFile(file, 'utf8'), { file }) as Kubeconfig;
  const cluster = config.clusters?.[0]?.cluster;
  const user = config.users?.[0]?.user;
  if (!cluster?.server || !user?.['client-certificate-data'] || !user['client-key-data']) {
    throw new PlumblineError('TESTING_KUBECONFIG', `${file} has no server or no embedded client certificate`);
  }
  return {
    server: cluster.server,
    authority: decoded(cluster['certificate-authority-data'] ?? ''),
    certificate: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
