import { createHash } from 'node:crypto';
import type { Certificate, CertificateInput } from '@plumbline/protocol';
import { apiFailure } from '../http/api-failure.ts';

/** One key of a known_hosts file. */
export interface KnownHost {
  host: string;
  type: string;
  /** Base64. */
  key: string;
}

const entryPattern = /^\s*(?!#)(?:@\S+\s+)?(\S+)\s+(\S+)\s+(\S+)/;

/** The entries of a known_hosts file, one for each host; comments and markers are left out. */
export function knownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line) => {
    const [, hosts = '', type = '', key = ''] = entryPattern.exec(line) ?? [];
    return key === '' ? [] : hosts.split(',').map((host) => ({ host, type, key }));
  });
}

/** A key as answers show it. */
export function certificateOfHost({ host, type, key }: KnownHost): Certificate {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '');
  return { serverName: host, certType: 'ssh', certSubType: type, certInfo: `SHA256:${digest}` };
}

/** The kind of a key as the key itself says it. */
function kindOfKey(bytes: Buffer): string {
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  return length > 0 && length < 64 && bytes.length > 4 + length ? bytes.subarray(4, 4 + length).toString('latin1') : '';
}

/** The key that a client sends. Throws `InvalidArgument`. */
export function hostOfInput({ serverName, certSubType, certData }: CertificateInput): KnownHost {
  if (!/^(\[[A-Za-z0-9.:_-]+\]:\d{1,5}|[A-Za-z0-9.:_-]+)$/.test(serverName)) {
    throw apiFailure('InvalidArgument', `serverName: "${serverName}" is no name of a host`);
  }
  const text = Buffer.from(certData, 'base64').toString('latin1').trim();
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? text : certData;
  const type = kindOfKey(Buffer.from(key, 'base64'));
  if (type === '' || !/^[a-z0-9@.-]+$/.test(type)) {
    throw apiFailure('InvalidArgument', `certData: that of ${serverName} is no public key of ssh`);
  }
  if (certSubType !== '' && certSubType !== type) {
    throw apiFailure('InvalidArgument', `certSubType: the key of ${serverName} is ${type}, not ${certSubType}`);
  }
  return { host: serverName, type, key };
}

/** The file with a key in it; another key of the same host and kind gives way. */
export function withHost(text: string, { host, type, key }: KnownHost): string {
  const rest = withoutHosts(text, (entry) => entry.host === host && entry.type === type);
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${host} ${type} ${key}\n`;
}

/** The file without some entries; comments stay, and so do other hosts of the same line. */
export function withoutHosts(text: string, goes: (entry: KnownHost) => boolean): string {
  const kept = text.split('\n').flatMap((line) => {
    const entries = knownHosts(line);
    if (!entries.some(goes)) return [line];
    const hosts = entries.filter((entry) => !goes(entry)).map(({ host }) => host);
    const [first] = entries;
    return hosts.length === 0 || !first ? [] : [line.replace(/(^\s*(?:@\S+\s+)?)\S+/, `$1${hosts.join(',')}`)];
  });
  return kept.join('\n');
}
