import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../http/listen.ts';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';
import { serverCertificate } from './server-certificate.ts';

let fixture: ApiFixture;
let server: Listening;

const options = () => ({ client: fixture.kube, namespace: fixture.namespace, now: () => new Date() });

beforeAll(async () => {
  fixture = await apiFixture();
  server = await listen((_request, response) => response.end('ok'), {
    host: '127.0.0.1',
    port: 0,
    certificate: () => serverCertificate(options()),
  });
}, 300_000);

afterAll(async () => {
  await server.close(0);
  await fixture.close();
});

/** The protocol that a handshake ends in, with nothing verified, or the error. */
function handshake(change: object = {}): Promise<string> {
  const { hostname: host, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false, ...change }, () => {
      resolve(String(socket.getProtocol()));
      socket.destroy();
    });
    socket.once('error', (error) => resolve(`refused: ${error.message}`));
  });
}

describe('TLS', () => {
  it('makes a certificate where none is given, and every server takes the same', async () => {
    const [one, two] = await Promise.all([serverCertificate(options()), serverCertificate(options())]);
    expect(one).toEqual(two);
    expect(server.url).toMatch(/^https:/);
    expect(await handshake()).toBe('TLSv1.3');
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
  });

  it('speaks nothing older than 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    expect(await handshake(old)).toMatch(/^refused/);
  });

  it('prefers the Secret argocd-server-tls, and says so where that is broken', async () => {
    const data = { 'tls.crt': Buffer.from('no').toString('base64'), 'tls.key': Buffer.from('no').toString('base64') };
    const metadata = { name: 'argocd-server-tls', namespace: fixture.namespace };
    await fixture.kube.create({ apiVersion: 'v1', kind: 'Secret', metadata, data });
    await expect(serverCertificate(options())).rejects.toThrow('argocd-server-tls');
  });
});

describe('cookies', () => {
  it('are not enough for a write that comes from another site', async () => {
    const send = (headers: Record<string, string>) =>
      fixture.raw('/api/v1/projects', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ project: { metadata: { name: 'made-by-a-page' } } }),
      });
    const cookie = `argocd.token=${fixture.token}`;
    expect((await send({ cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ cookie, origin: 'null' })).status).toBe(403);
    expect((await send({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ cookie, origin: fixture.server.url })).status).toBe(200);
    const authorization = `Bearer ${fixture.token}`;
    expect((await send({ authorization, origin: 'https://a-dashboard.example' })).status).toBe(200);
  });
});
