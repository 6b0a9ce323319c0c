import type { Document } from '../documents.ts';
import type { GoodValues } from '../parse/value-reader.ts';
import { readSnapshot, type Snapshot } from '../snapshot.ts';

export type Data = Record<string, string>;

/** A ConfigMap or Secret with these values. */
export function document(name: string, data: Data): Document {
  return { name, data, labels: {}, annotations: {} };
}

/** What the documents of the control plane say; `former` are the good values of an earlier reading. */
export function read(
  parts: { cm?: Data; params?: Data; secret?: Data; certs?: Data },
  former: GoodValues = new Map(),
): Snapshot {
  const configMaps = {
    'argocd-cm': parts.cm ?? {},
    'argocd-cmd-params-cm': parts.params ?? {},
    'argocd-tls-certs-cm': parts.certs ?? {},
    'argocd-ssh-known-hosts-cm': { ssh_known_hosts: 'host ssh-ed25519 AAAA' },
  };
  return readSnapshot(
    {
      configMaps: new Map(Object.entries(configMaps).map(([name, data]) => [name, document(name, data)])),
      secrets: new Map([['argocd-secret', document('argocd-secret', parts.secret ?? {})]]),
      typedSecrets: new Map(),
    },
    former,
  );
}

/** What one key of argocd-cm says. */
export const cm = (key: string, text: string) => read({ cm: { [key]: text } });

/** A Secret of a repository, a template of credentials or a cluster. */
export function typedSecret(type: 'repository' | 'repo-creds' | 'cluster', name: string, data: Data): Document {
  return { ...document(name, data), labels: { 'argocd.argoproj.io/secret-type': type } };
}

/** What these typed Secrets say, beside defaults. */
export function readSecrets(secrets: readonly Document[], former: GoodValues = new Map()): Snapshot {
  const typedSecrets = new Map(secrets.map((secret) => [secret.name, secret]));
  return readSnapshot({ configMaps: new Map(), secrets: new Map(), typedSecrets }, former);
}
