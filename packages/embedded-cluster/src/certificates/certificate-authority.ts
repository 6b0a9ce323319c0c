import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

/** A certificate (or chain) and its private key (PKCS #8), both PEM. */
export interface CertificatePair {
  certificate: string;
  key: string;
}

export interface CertificateRequest {
  commonName: string;
  /** Subject O: Kubernetes takes them as groups. */
  organizations?: readonly string[];
  /** DNS names and IP addresses. With hosts it is a server certificate, without it is a client certificate. */
  hosts?: readonly string[];
  /** Default 10 years: the authority lives on one machine. */
  validDays?: number;
}

/** A private certificate authority with ECDSA P-256 keys. */
export interface CertificateAuthority extends CertificatePair {
  issue(request: CertificateRequest): Promise<CertificatePair>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 24 * 60 * 60 * 1000;
const defaultDays = 3650;

/** Makes a new authority, or takes up the given one. */
export async function createCertificateAuthority(
  options: { commonName?: string; existing?: CertificatePair } = {},
): Promise<CertificateAuthority> {
  const { commonName = 'plumbline-ca', existing } = options;
  const { certificate, privateKey, key } = existing ? await takeUp(existing) : await selfSigned(commonName);
  return {
    certificate: pem(certificate),
    key,
    issue: (request) => issue(request, certificate, privateKey),
  };
}

/** A new ECDSA P-256 key pair as PEM: `key` is PKCS #8, `publicKey` SPKI. */
export async function createSigningKey(): Promise<{ key: string; publicKey: string }> {
  const keys = await generateKeys();
  return {
    key: await privatePem(keys.privateKey),
    publicKey: keyPem(await webcrypto.subtle.exportKey('spki', keys.publicKey), 'PUBLIC KEY'),
  };
}

async function selfSigned(commonName: string) {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: subject({ commonName }),
    ...validity(defaultDays),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, privateKey: keys.privateKey, key: await privatePem(keys.privateKey) };
}

async function takeUp(pair: CertificatePair) {
  const der = x509.PemConverter.decodeFirst(pair.key);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
  return { certificate: new x509.X509Certificate(pair.certificate), privateKey, key: pair.key };
}

async function issue(
  request: CertificateRequest,
  authority: x509.X509Certificate,
  authorityKey: webcrypto.CryptoKey,
): Promise<CertificatePair> {
  const keys = await generateKeys();
  const usage = request.hosts ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: subject(request),
    issuer: authority.subject,
    ...validity(request.validDays ?? defaultDays),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authorityKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
      ...alternativeNames(request.hosts ?? []),
    ],
  });
  return { certificate: pem(certificate), key: await privatePem(keys.privateKey) };
}

function alternativeNames(hosts: readonly string[]): x509.Extension[] {
  if (hosts.length === 0) return [];
  return [
    new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }))),
  ];
}

function subject({
  commonName,
  organizations = [],
}: Pick<CertificateRequest, 'commonName' | 'organizations'>): x509.JsonName {
  return [...organizations.map((name) => ({ O: [name] })), { CN: [commonName] }];
}

/** Valid from an hour ago, so that a clock that is a little behind does not matter. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - day / 24), notAfter: new Date(now + days * day) };
}

/** 16 random bytes, positive. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  return `4${Buffer.from(bytes).toString('hex').slice(1)}`;
}

function generateKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return keyPem(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function keyPem(der: ArrayBuffer, tag: string): string {
  return `${x509.PemConverter.encode(der, tag).trim()}\n`;
}
