import type { CertificatePair } from '../certificates/certificate-authority.ts';

export interface KubeconfigOptions {
  server: string;
  /** PEM. */
  authority: string;
  client: CertificatePair;
  /** Name of cluster, user and context; default `plumbline`. */
  name?: string;
}

/** A kubeconfig with embedded certificates: it can be copied anywhere. */
export function kubeconfigFor({ server, authority, client, name = 'plumbline' }: KubeconfigOptions): string {
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
  - name: ${name}
    cluster:
      server: ${server}
      certificate-authority-data: ${base64(authority)}
users:
  - name: ${name}
    user:
      client-certificate-data: ${base64(client.certificate)}
      client-key-data: ${base64(client.key)}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
