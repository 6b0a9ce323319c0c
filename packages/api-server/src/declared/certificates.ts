import type { KubeClient } from '@plumbline/cluster';
import type { Certificate, CertificateInput, CertificateQuery } from '@plumbline/protocol';
import picomatch from 'picomatch';
import { compareText } from '../applications/sort-text.ts';
import { apiFailure } from '../http/api-failure.ts';
import { type ConfigData, createConfigMapStore } from './config-map.ts';
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

const sshKey = 'ssh_known_hosts';

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

const shownHosts = (data: ConfigData): Certificate[] => knownHosts(data[sshKey] ?? '').map(certificateOfHost);
const shownBundles = (data: ConfigData): Certificate[] =>
  Object.entries(data).flatMap(([host, pem]) => certificatesOfBundle(host, pem));

function withKey(data: ConfigData, item: CertificateInput, upsert: boolean): ConfigData {
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

function withBundle(data: ConfigData, item: CertificateInput, upsert: boolean): ConfigData {
  const { serverName, pem } = bundleOfInput(item);
  const former = data[serverName]?.trim();
  if (former === pem.trim()) return data;
  if (former !== undefined && !upsert) {
    const name = `the certificate of ${serverName}`;
    throw apiFailure('InvalidArgument', `${name} is there already and another one: use upsert flag to replace it`);
  }
  return { ...data, [serverName]: pem };
}

export function createCertificates(parts: { client: KubeClient; namespace: string }): Certificates {
  const ssh = createConfigMapStore(parts, 'argocd-ssh-known-hosts-cm');
  const tls = createConfigMapStore(parts, 'argocd-tls-certs-cm');
  return {
    async list(query) {
      const [hosts, bundles] = await Promise.all([ssh.read(), tls.read()]);
      return [...shownHosts(hosts), ...shownBundles(bundles)].filter(wanted(query)).sort(order);
    },
    async add(items, { upsert }) {
      const of = (kind: CertificateInput['certType']) => items.filter(({ certType }) => certType === kind);
      const [keys, bundles] = [of('ssh'), of('https')];
      for (const item of bundles) bundleOfInput(item); // Nothing is stored where one of them is wrong.
      if (keys.length > 0) {
        await ssh.change((data) => keys.reduce((now, item) => withKey(now, item, upsert), data));
      }
      if (bundles.length > 0) {
        await tls.change((data) => bundles.reduce((now, item) => withBundle(now, item, upsert), data));
      }
      const added = [
        ...keys.map((item) => certificateOfHost(hostOfInput(item))),
        ...bundles.flatMap((item) => certificatesOfBundle(item.serverName, bundleOfInput(item).pem)),
      ];
      return added.sort(order);
    },
    async remove(query) {
      if (query.hostNamePattern === undefined) {
        throw apiFailure('InvalidArgument', 'hostNamePattern: which hosts? "*" means all');
      }
      const goes = wanted(query);
      const gone: Certificate[] = [];
      await ssh.change((data) => {
        gone.push(...shownHosts(data).filter(goes));
        if (!shownHosts(data).some(goes)) return data;
        return { ...data, [sshKey]: withoutHosts(data[sshKey] ?? '', (entry) => goes(certificateOfHost(entry))) };
      });
      await tls.change((data) => {
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
