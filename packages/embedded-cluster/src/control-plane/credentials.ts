import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CertificatePair,
  createCertificateAuthority,
  createSigningKey,
} from '../certificates/certificate-authority.ts';

/** Who logs in to the API server with a client certificate: user name and groups as in a cluster made by kubeadm. */
const clients = {
  admin: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
  'controller-manager': { commonName: 'system:kube-controller-manager' },
  scheduler: { commonName: 'system:kube-scheduler' },
  // kwok plays kubelet for every node and writes pods of all namespaces.
  kwok: { commonName: 'kwok', organizations: ['system:masters'] },
} as const;

export type ClientName = keyof typeof clients;

/** All keys and certificates of one control plane, as PEM. */
export interface Credentials {
  authority: CertificatePair;
  server: CertificatePair;
  clients: Record<ClientName, CertificatePair>;
  serviceAccounts: { key: string; publicKey: string };
}

/** First address of the service range: the `kubernetes` Service. */
const serviceAddress = '10.96.0.1';

const serverHosts = [
  '127.0.0.1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  serviceAddress,
];

/** Reads the credentials of a folder, or makes them once: a restart keeps kubeconfigs and service account tokens valid. */
export async function loadCredentials(folder: string): Promise<Credentials> {
  const file = join(folder, 'credentials.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Credentials;
  const credentials = await createCredentials();
  await writePrivate(file, JSON.stringify(credentials));
  return credentials;
}

async function createCredentials(): Promise<Credentials> {
  const authority = await createCertificateAuthority({ commonName: 'plumbline-embedded-cluster' });
  const names = Object.keys(clients) as ClientName[];
  const pairs = await Promise.all(names.map(async (name) => [name, await authority.issue(clients[name])] as const));
  return {
    authority: { certificate: authority.certificate, key: authority.key },
    server: await authority.issue({ commonName: 'kube-apiserver', hosts: serverHosts }),
    clients: Object.fromEntries(pairs) as Record<ClientName, CertificatePair>,
    serviceAccounts: await createSigningKey(),
  };
}

/** PEM files by the names that the processes' arguments use. */
export async function writePemFiles(folder: string, credentials: Credentials): Promise<void> {
  const { authority, server, serviceAccounts } = credentials;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = {
    'ca.crt': authority.certificate,
    'ca.key': authority.key,
    'apiserver.crt': server.certificate,
    'apiserver.key': server.key,
    'sa.key': serviceAccounts.key,
    'sa.pub': serviceAccounts.publicKey,
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writePrivate(join(folder, name), text)));
}

/** Writes a file that only its owner may read, at once or not at all. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const draft = `${file}.tmp`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}
