import { createHash } from 'node:crypto';

/** The name of a Secret that declares something: the same for the same address. */
function nameOf(prefix: string, address: string): string {
  return `${prefix}-${createHash('sha256').update(address).digest('hex').slice(0, 10)}`;
}

interface DeclaredSecret {
  type: 'repository' | 'repo-creds' | 'cluster';
  prefix: string;
  /** What it is about. */
  address: string;
  namespace?: string;
  data: Readonly<Record<string, unknown>>;
  labels?: Readonly<Record<string, string>> | null | undefined;
  annotations?: Readonly<Record<string, string>> | null | undefined;
}

/** A Secret that declares a repository or cluster (reference §10.5), readable: nothing is base64. */
export function secretSpec({ type, prefix, address, namespace, data, labels, annotations }: DeclaredSecret) {
  const says = Object.entries(data).filter(([, value]) => value !== undefined && value !== '' && value !== false);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: nameOf(prefix, address),
      ...(namespace ? { namespace } : {}),
      labels: { ...labels, 'argocd.argoproj.io/secret-type': type },
      annotations: { ...annotations, 'managed-by': 'argocd.argoproj.io' },
    },
    stringData: Object.fromEntries(says.map(([key, value]) => [key, String(value)])),
  };
}
