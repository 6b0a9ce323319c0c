import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createCertificateAuthority } from '@plumbline/embedded-cluster';
import { afterEach, expect, it } from 'vitest';
import { guardedFetch } from './guarded-fetch.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

/** Answers on loopback; gives its URL. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const redirectTo = (location: string) => serve((_request, response) => response.writeHead(302, { location }).end());
const limits = { maxBytes: 1000 };

it('gives body, headers and status', async () => {
  const url = await serve((_request, response) => response.writeHead(200, { etag: '"1"' }).end('text'));
  const { status, headers, body } = await guardedFetch(url, limits);
  expect([status, headers['etag'], body.toString()]).toEqual([200, '"1"', 'text']);
});

it.each([
  'http://169.254.169.254/latest/meta-data',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
])('%s is refused, asked for or redirected to', async (url) => {
  await expect(guardedFetch(url, limits)).rejects.toMatchObject({ code: 'DOWNLOAD_FORBIDDEN' });
  await expect(guardedFetch(await redirectTo(url), limits)).rejects.toMatchObject({ code: 'DOWNLOAD_FORBIDDEN' });
});

it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1/x'])('%s is no download', async (url) => {
  await expect(guardedFetch(url, limits)).rejects.toMatchObject({ code: 'DOWNLOAD_FORBIDDEN' });
  await expect(guardedFetch(await redirectTo(url), limits)).rejects.toMatchObject({ code: 'DOWNLOAD_FORBIDDEN' });
});

it('allows only the schemes that are asked for', async () => {
  const url = await serve((_request, response) => response.end('text'));
  await expect(guardedFetch(url, { ...limits, schemes: ['https'] })).rejects.toThrow(
    /scheme http, which is not allowed/,
  );
});

it('stops at the limit of bytes, declared or not', async () => {
  const declared = await serve((_request, response) => response.writeHead(200, { 'content-length': 2000 }).end('x'));
  const streamed = await serve((_request, response) => {
    for (let part = 0; part < 30; part += 1) response.write('x'.repeat(100));
    response.end();
  });
  for (const url of [declared, streamed]) {
    await expect(guardedFetch(url, limits)).rejects.toMatchObject({ code: 'DOWNLOAD_TOO_LARGE' });
  }
});

it('stops at the limit of time', async () => {
  const url = await serve((_request, response) => void response.write('x'));
  await expect(guardedFetch(url, { ...limits, timeoutMs: 200 })).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
});

it('does not follow redirects for ever', async () => {
  const url = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end());
  await expect(guardedFetch(url, limits)).rejects.toThrow(/more than 5 times/);
});

it('shows credentials to the origin alone, unless told otherwise', async () => {
  const seen: (string | undefined)[] = [];
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end('text');
  });
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: other }).end();
  });
  const access = { username: 'reader', password: 'canary-word' };
  const basic = `Basic ${Buffer.from('reader:canary-word').toString('base64')}`;
  await guardedFetch(url, { ...limits, access });
  await guardedFetch(url, { ...limits, access, passCredentials: true });
  await guardedFetch(other, { ...limits, access, origin: url });
  expect(seen).toEqual([basic, undefined, basic, basic, undefined]);
});

it('names status and place in errors, without credentials', async () => {
  const url = await serve((_request, response) => response.writeHead(401).end('who are you'));
  const failure = guardedFetch(`${url.replace('//', '//me:canary-word@')}/x?token=canary-word`, limits);
  await expect(failure).rejects.toMatchObject({ code: 'DOWNLOAD_AUTHENTICATION' });
  await expect(failure).rejects.toThrow(`${url}/x answered 401: who are you`);
  await expect(failure).rejects.not.toThrow(/canary/);
});

it('trusts the certificates it is told to, and shows its own', async () => {
  const authority = await createCertificateAuthority();
  const own = await authority.issue({ commonName: 'server', hosts: ['127.0.0.1'] });
  const client = await authority.issue({ commonName: 'client' });
  const server = createTlsServer(
    { cert: own.certificate, key: own.key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
    (request, reply) => reply.end(String((request.socket as TLSSocket).authorized)),
  );
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said = async (access: object) => (await guardedFetch(url, { ...limits, access })).body.toString();
  await expect(said({})).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
  expect(await said({ insecure: true })).toBe('false');
  const trusting = { certificateAuthority: authority.certificate };
  expect(await said(trusting)).toBe('false');
  expect(await said({ ...trusting, tlsClientCert: client.certificate, tlsClientKey: client.key })).toBe('true');
});
