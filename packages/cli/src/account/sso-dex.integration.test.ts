import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, type IdentityProvider, identityProvider } from '@plumbline/testing';
import { load } from 'js-yaml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConfigFile } from '../config/config-file.ts';
import { runCli } from '../run.ts';
import { fakeTerminal } from '../test-support/fake-terminal.ts';
import { freePort } from '../test-support/free-port.ts';
import { useOwnConfiguration } from '../test-support/run-plumb.ts';

const home = useOwnConfiguration();
let dex: IdentityProvider;
let server: Server;
let url: string;
let port: number;

/** Hands a request on to dex. That does not know of the TLS before it: addresses are mended on the way back. */
function toDex(request: IncomingMessage, response: ServerResponse): void {
  const target = new URL(request.url ?? '', dex.address);
  const onward = httpRequest(target, { method: request.method, headers: request.headers }, async (answer) => {
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    const { 'content-type': type = 'text/plain' } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { 'content-type': type });
    response.end(text.replaceAll(url.replace('https', 'http'), url));
  });
  request.pipe(onward);
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path.startsWith('/api/dex/')) return void toDex(request, response);
  const settings = { url, appLabelKey: 'l', userLoginsDisabled: true, dexConfig: { connectors: [] } };
  const user = { loggedIn: true, username: 'ann', iss: `${url}/api/dex`, groups: [] };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(path === '/api/v1/settings' ? settings : user));
}

/** A server with a certificate that nobody has signed, and dex below its address. */
beforeEach(async () => {
  const [key, cert] = [join(home(), 'key.pem'), join(home(), 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...names]);
  server = createServer({ key: await readFile(key), cert: await readFile(cert) }, handle);
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
  port = await freePort();
  const redirectUri = `http://localhost:${port}/auth/callback`;
  const issuer = `${url}/api/dex`;
  dex = await identityProvider({
    clientId: 'argo-cd-cli',
    redirectUri,
    issuer,
    groups: {},
    refreshable: { idTokenSeconds: 5 },
  });
}, 60_000);

afterEach(async () => {
  await dex.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const user = async () => (load(await readFile(join(home(), 'config'), 'utf8')) as ConfigFile).users[0];

it('logs in at the dex of a server whose certificate it was told to trust, and renews the session there', async () => {
  const { terminal, written } = fakeTerminal();
  const flags = ['--sso-port', String(port), '--sso-launch-browser=false', '--server-crt', join(home(), 'cert.pem')];
  const done = runCli(['login', url, '--sso', ...flags], terminal);
  const address = async () => /^https\S+\/auth\?\S+$/m.exec(written.err)?.[0];
  const target = await eventually(address, { what: 'the address' });
  await fetch(await dex.logIn(target.replace(url, dex.address), 'ann', `http://localhost:${port}/`));
  expect(await done, written.err).toBe(0);
  const before = await user();
  expect(before).toHaveProperty('refresh-token');
  // A token of five seconds counts as ended.
  const later = fakeTerminal();
  expect(await runCli(['account', 'get-user-info'], later.terminal), later.written.err).toBe(0);
  expect(dex.refreshes()).toBe(1);
  expect((await user())?.['refresh-token']).not.toBe(before?.['refresh-token']);
}, 60_000);
