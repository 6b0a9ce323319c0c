import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import type { Certificate, CertificateInput, CertificateQuery } from '@plumbline/protocol';
import picomatch from 'picomatch';
import { compareText } from '../applications/sort-text.ts';
import { apiFailure } from '../http/api-failure.ts';
import { certificateOfHost, hostOfInput, knownHosts, withHost, withoutHosts } from './known-hosts.ts';
import { bundleOfInput, certificatesOfBundle } from './tls-certificates.ts';

/** Keys and certificates by which repositories are known, in the two ConfigMaps of reference §10.4. */
export interface Certificates {
  list(query: CertificateQuery): Promise<Certificate[]>;
  /** Gives what is new. */
  add(items: readonly CertificateInput[], options: { upsert: boolean }): Promise<Certificate[]>;
  /** Gives what is gone. */
  remove(query: CertificateQuery): Promise<Certificate[]>;
}

const sshName = 'argocd-ssh-known-hosts-cm';
const sshKey = 'ssh_known_hosts';
const tlsName = 'argocd-tls-certs-cm';
const attempts = 5;

type Data = Readonly<Record<string, string>>;

function wanted(query: CertificateQuery): (certificate: Certificate) => boolean {
  const { hostNamePattern, certType, certSubType } = query;
  const fits =
    hostNamePattern === undefined ? undefined : picomatch(hostNamePattern, { nobrace: true, nonegate: true });
  return (certificate) =>
    (fits === undefined || certificate.serverName === hostNamePattern || fits(certificate.serverName)) &&
    (certType === undefined || certType === '*' || certificate.certType === certType) &&
    (certSubType === undefined || certSubType === '*' || certificate.certSubType === certSubType);
}

function order(a: Certificate, b: Certificate): number {
  return compareText(a.serverName, b.serverName) || compareText(a.certSubType, b.certSubType);
}

const shownHosts = (data: Data): Certificate[] => knownHosts(data[sshKey] ?? '').map(certificateOfHost);
const shownBundles = (data: Data): Certificate[] =>
  Object.entries(data).flatMap(([host, pem]) => certificatesOfBundle(host, pem));

function withKey(data: Data, item: CertificateInput, upsert: boolean): Data {
  const entry = hostOfInput(item);
  const text = data[sshKey] ?? '';
  const former = knownHosts(text).find(({ host, type }) => host === entry.host && type === entry.type);
  if (former?.key === entry.key) return data;
  if (former && !upsert) {
    const name = `the ${entry.type} key of ${entry.host}`;
    throw apiFailure('InvalidArgument', `${name} is there already and another one: use upsert flag to replace it`);
  }
  return { ...data, [sshKey]: withHost(text, entry) };
}

function withBundle(data: Data, item: CertificateInput, upsert: boolean): Data {
  const { serverName, pem } = bundleOfInput(item);
  const former = data[serverName]?.trim();
  if (former === pem.trim()) return data;
  if (former !== undefined && !upsert) {
    const name = `the certificate of ${serverName}`;
    throw apiFailure('InvalidArgument', `${name} is there already and another one: use upsert flag to replace it`);
  }
  return { ...data, [serverName]: pem };
}

export function createCertificates({ client, namespace }: { client: KubeClient; namespace: string }): Certificates {
  const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
  const dataOf = (object: Readonly<Record<string, unknown>> | null): Data => {
    const data = object?.['data'];
    return typeof data === 'object' && data !== null ? (data as Data) : {};
  };
  const read = async (name: string): Promise<Data> => dataOf(await client.find(ref(name)));

  /** Changes a ConfigMap from what it holds now; another writer is not overwritten. Gives the data before and after. */
  const change = async (name: string, next: (data: Data) => Data): Promise<{ before: Data; after: Data }> => {
    for (let attempt = 1; ; attempt += 1) {
      const stored = await client.find(ref(name));
      const before = dataOf(stored);
      const after = next(before);
      if (after === before) return { before, after };
      const metadata = stored?.metadata ?? { name, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } };
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { ...after } };
      try {
        await (stored ? client.replace(object) : client.create(object));
        return { before, after };
      } catch (error) {
        if (!hasCode(error, 'KUBE_CONFLICT') || attempt === attempts) throw error;
      }
    }
  };

  return {
    async list(query) {
      const [ssh, tls] = await Promise.all([read(sshName), read(tlsName)]);
      return [...shownHosts(ssh), ...shownBundles(tls)].filter(wanted(query)).sort(order);
    },
    async add(items, { upsert }) {
      const of = (kind: CertificateInput['certType']) => items.filter(({ certType }) => certType === kind);
      const [ssh, tls] = [of('ssh'), of('https')];
      for (const item of tls) bundleOfInput(item); // Nothing is stored where one of them is wrong.
      if (ssh.length > 0) {
        await change(sshName, (data) => ssh.reduce((now, item) => withKey(now, item, upsert), data));
      }
      if (tls.length > 0) {
        await change(tlsName, (data) => tls.reduce((now, item) => withBundle(now, item, upsert), data));
      }
      const added = [
        ...ssh.map((item) => certificateOfHost(hostOfInput(item))),
        ...tls.flatMap((item) => certificatesOfBundle(item.serverName, bundleOfInput(item).pem)),
      ];
      return added.sort(order);
    },
    async remove(query) {
      if (query.hostNamePattern === undefined) {
        throw apiFailure('InvalidArgument', 'hostNamePattern: which hosts? "*" means all');
      }
      const goes = wanted(query);
      const gone: Certificate[] = [];
      await change(sshName, (data) => {
        gone.push(...shownHosts(data).filter(goes));
        if (!shownHosts(data).some(goes)) return data;
        return { ...data, [sshKey]: withoutHosts(data[sshKey] ?? '', (entry) => goes(certificateOfHost(entry))) };
      });
      await change(tlsName, (data) => {
        const removed = shownBundles(data).filter(goes);
        gone.push(...removed);
        if (removed.length === 0) return data;
        const names = new Set(removed.map(({ serverName }) => serverName));
        return Object.fromEntries(Object.entries(data).filter(([name]) => !names.has(name)));
      });
      return gone.sort(order);
    },
  };
}
