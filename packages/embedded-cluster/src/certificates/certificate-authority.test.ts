import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCertificateAuthority, createSigningKey } from './certificate-authority.ts';

test('a server certificate is signed by the authority and names its hosts', async () => {
  const authority = await createCertificateAuthority({ commonName: 'some authority' });
  const pair = await authority.issue({ commonName: 'server', hosts: ['localhost', '127.0.0.1'] });
  const certificate = new X509Certificate(pair.certificate);
  const issuer = new X509Certificate(authority.certificate);
  expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
  expect(issuer.ca).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkPrivateKey(createPrivateKey(pair.key))).toBe(true);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('a client certificate carries user and groups', async () => {
  const authority = await createCertificateAuthority();
  const { certificate } = await authority.issue({ commonName: 'ann', organizations: ['writers', 'readers'] });
  expect(new X509Certificate(certificate).subject.split('\n').sort()).toEqual(['CN=ann', 'O=readers', 'O=writers']);
  expect(new X509Certificate(certificate).keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
});

test('an authority that is taken up again issues certificates of the same authority', async () => {
  const first = await createCertificateAuthority();
  const again = await createCertificateAuthority({ existing: first });
  const { certificate } = await again.issue({ commonName: 'late' });
  expect(new X509Certificate(certificate).verify(new X509Certificate(first.certificate).publicKey)).toBe(true);
});

test('every certificate has a serial number of its own and a signing key is ECDSA P-256', async () => {
  const authority = await createCertificateAuthority();
  const pairs = await Promise.all(Array.from({ length: 20 }, () => authority.issue({ commonName: 'same' })));
  expect(new Set(pairs.map(({ certificate }) => new X509Certificate(certificate).serialNumber)).size).toBe(20);
  const { key } = await createSigningKey();
  expect(createPrivateKey(key).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});
