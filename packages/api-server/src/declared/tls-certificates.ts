import { X509Certificate } from 'node:crypto';
import type { Certificate, CertificateInput } from '@plumbline/protocol';
import { apiFailure } from '../http/api-failure.ts';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM bundle as answers show them; what cannot be read is left out. */
export function certificatesOfBundle(serverName: string, pem: string): Certificate[] {
  return (pem.match(block) ?? []).flatMap((text) => {
    try {
      const { publicKey, subject } = new X509Certificate(text);
      const certInfo = subject.replaceAll('\n', ',');
      return [{ serverName, certType: 'https', certSubType: publicKey.asymmetricKeyType ?? '', certInfo }];
    } catch {
      return [];
    }
  });
}

/** The bundle that a client sends for a host. Throws `InvalidArgument`. */
export function bundleOfInput({ serverName, certData }: CertificateInput): { serverName: string; pem: string } {
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(serverName)) {
    throw apiFailure('InvalidArgument', `serverName: "${serverName}" is no name of a host (without a port)`);
  }
  const pem = Buffer.from(certData, 'base64').toString('utf8').trim();
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0 || certificatesOfBundle(serverName, pem).length < blocks.length) {
    throw apiFailure('InvalidArgument', `certData: that of ${serverName} is no bundle of PEM certificates`);
  }
  return { serverName, pem: `${pem}\n` };
}
