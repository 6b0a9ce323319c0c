import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from './run.ts';
import { testApi } from './test-support/api.ts';
import { fakeTerminal } from './test-support/fake-terminal.ts';
import { useOwnConfiguration } from './test-support/run-plumb.ts';

const home = useOwnConfiguration();
const run = promisify(execFile);
const applications = { metadata: {}, items: [{ metadata: { name: 'web', namespace: 'argocd' } }] };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  delete process.env['ARGOCD_SERVER'];
  delete process.env['ARGOCD_AUTH_TOKEN'];
});

/** A server with a certificate that nobody has signed; answers its port. */
async function tlsServer(): Promise<number> {
  const [key, cert] = [join(home(), 'key.pem'), join(home(), 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await run('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...names]);
  const options = { key: await readFile(key), cert: await readFile(cert) };
  const started = createServer(options, (request, response) => {
    const answer = request.method === 'POST' ? { token: 'T' } : applications;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server = started;
  await new Promise<void>((listening) => started.listen(0, '127.0.0.1', listening));
  return (started.address() as AddressInfo).port;
}

async function plumb(args: string[], options: Parameters<typeof fakeTerminal>[0] = {}) {
  const { terminal, written } = fakeTerminal(options);
  const code = await runCli(args, terminal);
  return { code, ...written };
}

const who = ['--username', 'admin', '--password', 'secret'];

describe('plumb login', () => {
  it('falls back to plain HTTP on the own machine, and says so', async () => {
    await using api = await testApi({ 'POST /api/v1/session': { json: { token: 'T' } } });
    const address = `localhost:${new URL(api.url).port}`;
    expect(await plumb(['login', address, ...who])).toMatchObject({
      code: 0,
      err: `note: ${address} speaks plain HTTP\n`,
    });
  });

  it('does not send a password to a server that it cannot know, unless told to', async () => {
    const port = await tlsServer();
    const refused = await plumb(['login', `localhost:${port}`, ...who]);
    expect([refused.code, refused.err]).toEqual([20, expect.stringContaining('--insecure')]);
    const asked = await plumb(['login', `localhost:${port}`, ...who], { interactive: true, answers: ['n'] });
    expect(asked.code).toBe(20);
    expect((await plumb(['login', `localhost:${port}`, ...who, '--insecure'])).code).toBe(0);
    expect((await plumb(['app', 'list', '-o', 'name'])).out).toBe('argocd/web\n');
  });

  it('remembers the certificate that it was to trust', async () => {
    const port = await tlsServer();
    const trust = ['--server-crt', join(home(), 'cert.pem')];
    expect((await plumb(['login', `localhost:${port}`, ...who, ...trust])).code).toBe(0);
    expect((await plumb(['app', 'list', '-o', 'name'])).out).toBe('argocd/web\n');
  });

  it('says who cannot be reached', async () => {
    expect((await plumb(['login', 'localhost:1', ...who])).err).toContain('cannot reach localhost:1');
  });

  it('needs no server with --core', async () => {
    expect(await plumb(['login', '--core'])).toMatchObject({ code: 0, out: "Context 'kubernetes' updated\n" });
    expect((await plumb(['context'])).out).toContain('*        kubernetes  kubernetes');
  });
});

describe('--port-forward', () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
  });

  /** A kubectl that says what a real one says. */
  async function kubectl(text: string): Promise<void> {
    await writeFile(join(home(), 'kubectl'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    process.env['PATH'] = `${home()}${delimiter}${path}`;
  }

  it('reaches the server through the cluster', async () => {
    await using api = await testApi({
      'POST /api/v1/session': { json: { token: 'T' } },
      'GET /api/v1/applications': { json: applications },
    });
    const { port } = new URL(api.url);
    await kubectl(
      `echo "$@" > ${join(home(), 'args')}; echo "Forwarding from 127.0.0.1:${port} -> 8080"; exec sleep 60`,
    );
    const forward = ['--port-forward-namespace', 'ops', '--plaintext'];
    expect((await plumb([...forward, 'login', ...who])).out).toContain("Context 'port-forward' updated");
    expect((await plumb([...forward, 'app', 'list', '-o', 'name'])).out).toBe('argocd/web\n');
    expect(await readFile(join(home(), 'args'), 'utf8')).toBe(
      'port-forward --namespace ops service/argocd-server :443\n',
    );
  });

  it('says what kubectl says', async () => {
    await kubectl('echo "services \\"argocd-server\\" not found" >&2; exit 1');
    const { code, err } = await plumb(['--port-forward', 'app', 'list']);
    expect([code, err]).toEqual([20, expect.stringContaining('services "argocd-server" not found')]);
  });
});

describe('the environment', () => {
  it("may be the one of Argo CD's scripts", async () => {
    await using api = await testApi({ 'GET /api/v1/applications': { json: applications } });
    process.env['ARGOCD_SERVER'] = new URL(api.url).host;
    process.env['ARGOCD_AUTH_TOKEN'] = 'T';
    process.env['ARGOCD_OPTS'] = '--grpc-web --plaintext';
    try {
      expect((await plumb(['app', 'list', '-o', 'name'])).out).toBe('argocd/web\n');
    } finally {
      delete process.env['ARGOCD_OPTS'];
    }
  });
});

describe('plumb account update-password', () => {
  const routes = {
    'POST /api/v1/session': { json: { token: 'NEW' } },
    'GET /api/v1/session/userinfo': { json: { loggedIn: true, username: 'admin' } },
    'PUT /api/v1/account/password': { json: {} },
  };

  it('renews the token that the change has made void', async () => {
    await using api = await testApi(routes);
    await plumb(['login', api.url, ...who, '--name', 'here']);
    const changed = await plumb(['account', 'update-password'], { answers: ['old', 'new-password', 'new-password'] });
    expect(changed).toMatchObject({ code: 0, out: "Password updated\nContext 'here' updated\n" });
    expect(api.requests.at(-1)).toBe('POST /api/v1/session {"username":"admin","password":"new-password"}');
    expect(await readFile(join(home(), 'config'), 'utf8')).toContain('auth-token: NEW');
  });

  it('changes nothing when the two new ones are not the same', async () => {
    await using api = await testApi(routes);
    await plumb(['login', api.url, ...who]);
    const changed = await plumb(['account', 'update-password'], { answers: ['old', 'one-password', 'other'] });
    expect([changed.code, changed.err]).toEqual([20, expect.stringContaining('not the same')]);
    expect(api.requests.some((request) => request.startsWith('PUT'))).toBe(false);
  });
});

describe('plumb context', () => {
  it('goes back to the former one with -', async () => {
    await using api = await testApi({ 'POST /api/v1/session': { json: { token: 'T' } } });
    await plumb(['login', api.url, ...who, '--name', 'a']);
    await plumb(['login', api.url, ...who, '--name', 'b']);
    expect((await plumb(['context', '-'])).out).toBe("Switched to context 'a'\n");
    expect((await plumb(['context', '-'])).out).toBe("Switched to context 'b'\n");
  });
});
