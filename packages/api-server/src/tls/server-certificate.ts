import { createSecureContext } from 'node:tls';
import type { KubeClient } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { createControlSecret } from '../accounts/control-secret.ts';

/** What a server shows of itself; PEM. */
export interface ServerCertificate {
  cert: string;
  key: string;
}

export interface CertificateOptions {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  now: () => Date;
}

/** In this order (reference §10.4). */
const secretNames = ['argocd-server-tls', 'argocd-secret'] as const;
const entries = { cert: 'tls.crt', key: 'tls.key' } as const;

const decoded = (value: unknown): string =>
  typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';

async function stored({ client, namespace }: CertificateOptions): Promise<ServerCertificate | undefined> {
  for (const name of secretNames) {
    const found = await client.find({ apiVersion: 'v1', kind: 'Secret', namespace, name });
    const data = (found?.['data'] ?? {}) as Record<string, unknown>;
    const pair = { cert: decoded(data[entries.cert]), key: decoded(data[entries.key]) };
    if (pair.cert === '' || pair.key === '') continue;
    checkPair(pair, name);
    return pair;
  }
  return undefined;
}

function checkPair(pair: ServerCertificate, secret: string): void {
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new PlumblineError('API_CERTIFICATE', `the certificate in the Secret ${secret} cannot be used`, {
      cause: error,
      hint: `put a PEM certificate and its key under ${entries.cert} and ${entries.key}`,
    });
  }
}

/**
 * The certificate of Secret argocd-server-tls, or of argocd-secret. Where neither has one, one of our own is made and kept in
 * argocd-secret, so that all API servers show the same.
 */
export async function serverCertificate(options: CertificateOptions): Promise<ServerCertificate> {
  const found = await stored(options);
  if (found) return found;
  const { selfSigned } = await import('./self-signed.ts');
  const { namespace } = options;
  const hosts = ['localhost', 'argocd-server', `argocd-server.${namespace}`, `argocd-server.${namespace}.svc`];
  const made = await selfSigned([...hosts, `argocd-server.${namespace}.svc.cluster.local`], options.now());
  const added: Readonly<Record<string, string>> = { [entries.cert]: made.cert, [entries.key]: made.key };
  await createControlSecret(options).change((data) => (data[entries.cert] && data[entries.key] ? {} : added));
  // Another API server may have been faster.
  return (await stored(options)) ?? made;
}
