import { createApiClient } from '@plumbline/protocol';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';
import { containerHost } from '../test-support/container-host.ts';

let fixture: ApiFixture;
let host: Awaited<ReturnType<typeof containerHost>>;
let worker = '';

const configMap = (name: string, data: Record<string, string>) =>
  fixture.kube.patch(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name },
    { data },
    { type: 'merge' },
  );

/** A Pod in the tree of every Application, and an Application that goes to the server. */
async function arrange(): Promise<void> {
  const created = await fixture.kube.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: fixture.namespace },
    spec: { containers: [{ name: 'main', image: 'x' }] },
  });
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = created.metadata;
  fixture.inspected.nodes.push({ version: 'v1', kind: 'Pod', name, namespace, uid, resourceVersion });
  await fixture.kube.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'host',
      namespace: fixture.namespace,
      labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
    },
    stringData: { name: 'host', server: host.url, config: '{}' },
  });
  for (const [app, destination] of [
    ['remote', { name: 'host', namespace }],
    ['local', { server: 'https://kubernetes.default.svc', namespace }],
  ] as const) {
    const body = fixture.body({ name: app });
    const stored = { ...body, spec: { ...body.spec, destination } };
    const create = () => fixture.api.call('createApplication', { body: stored, query: { validate: false } });
    await eventually(create, { what: `the Application ${app}` });
  }
  await configMap('argocd-cm', { 'accounts.worker': 'apiKey' });
  const token = () => fixture.api.call('createAccountToken', { params: { name: 'worker' }, body: {} });
  worker = (await eventually(token, { what: 'the account' })).token;
}

beforeAll(async () => {
  fixture = await apiFixture();
  host = await containerHost(fixture.kube);
  await arrange();
}, 300_000);

afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await fixture?.close();
});

const pathOf = (change: Record<string, string> = {}) =>
  `/terminal?${new URLSearchParams({
    pod: 'web',
    container: 'main',
    appName: 'remote',
    projectName: 'default',
    namespace: fixture.namespace,
    ...change,
  })}`;

/** A terminal, with what it has shown; or the status of its refusal. */
async function terminal(change: Record<string, string> = {}, headers = bearer(fixture.token)) {
  const socket = new WebSocket(fixture.server.url.replace('http', 'ws') + pathOf(change), { headers });
  let text = '';
  socket.on('message', (data) => {
    text += (JSON.parse(String(data)) as { data: string }).data;
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') })),
  );
  const status = await new Promise<number>((resolve, reject) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const shows = (what: string) => eventually(() => text.includes(what), { what: `"${what}" in ${text}` });
  return { status, closed, send, shows, socket };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('terminals', () => {
  it('are not there until exec.enabled says so', async () => {
    expect((await terminal()).status).toBe(404);
    await configMap('argocd-cm', { 'exec.enabled': 'true' });
    await eventually(async () => (await fixture.raw(pathOf())).status === 401, { what: 'terminals' });
  });

  it('run the first shell that the container has, and tell it what is typed and how large they are', async () => {
    const { status, send, shows, closed } = await terminal();
    expect(status).toBe(101);
    await shows('$ ');
    send({ operation: 'resize', rows: 24, cols: 80 });
    send({ operation: 'stdin', data: 'hellö' });
    await shows('you said hellö');
    expect(host.told.commands).toEqual(['bash', 'sh']);
    expect(host.told.sizes).toEqual(['{"Width":80,"Height":24}']);
    send({ operation: 'stdin', data: 'exit' });
    expect(await closed).toMatchObject({ code: 1000 });
  });

  it('take another shell only from those of the settings', async () => {
    host.told.commands.length = 0;
    const chosen = await terminal({ shell: 'powershell' });
    await chosen.shows('$ ');
    chosen.socket.close();
    const other = await terminal({ shell: '/bin/evil' });
    await other.shows('$ ');
    other.socket.close();
    expect(host.told.commands).toEqual(['powershell', 'bash', 'sh']);
    await eventually(() => host.told.open === 0, { what: 'the shells to end' });
  });

  it('end on what is no frame', async () => {
    const { shows, socket, closed } = await terminal();
    await shows('$ ');
    socket.send('rubbish');
    expect(await closed).toMatchObject({ code: 1007 });
  });

  it.each([
    ['a Pod of somebody else', { pod: 'other' }, 400],
    ['a container that is not there', { container: 'other' }, 400],
    ['another project', { projectName: 'other' }, 404],
    ['an Application that is not there', { appName: 'none' }, 404],
    ['nothing', { pod: '' }, 400],
  ])('are refused for %s', async (_, change, status) => {
    expect((await terminal(change)).status).toBe(status);
    expect((await fixture.raw(pathOf(change), { headers: bearer(fixture.token) })).status).toBe(status);
  });

  it('are refused to strangers, to pages of other sites, and without the right to exec', async () => {
    expect((await terminal({}, { authorization: '' })).status).toBe(401);
    const cookie = { cookie: `argocd.token=${fixture.token}`, origin: 'https://evil.example', authorization: '' };
    expect((await terminal({}, cookie)).status).toBe(403);
    await configMap('argocd-rbac-cm', { 'policy.csv': 'p, worker, applications, get, */*, allow' });
    const reads = createApiClient({ url: fixture.server.url, token: worker });
    await eventually(() => reads.call('getApplication', { params: { name: 'remote' } }), {
      what: 'the right to read',
    });
    expect((await terminal({}, bearer(worker))).status).toBe(403);
  });

  it('end within five seconds of their caller losing the right, and so do logs', async () => {
    const get = 'p, worker, applications, get, */*, allow';
    const policy = `${get}\np, worker, exec, create, default/remote, allow\np, worker, logs, get, default/*, allow`;
    await configMap('argocd-rbac-cm', { 'policy.csv': policy });
    const opened = await eventually(
      async () => {
        const one = await terminal({}, bearer(worker));
        return one.status === 101 ? one : undefined;
      },
      { what: 'the right to exec' },
    );
    await opened.shows('$ ');
    const path = `/api/v1/applications/remote/pods/web/logs?container=main&follow=true`;
    const logs = await fixture.raw(path, { headers: bearer(worker) });
    expect(logs.status).toBe(200);
    await eventually(() => host.told.open === 2, { what: 'a shell and a log' });
    await configMap('argocd-rbac-cm', { 'policy.csv': get });
    const since = Date.now();
    expect(await opened.closed).toMatchObject({ code: 1008, reason: expect.stringContaining('exec, create') });
    expect(await logs.text()).toContain('a line');
    expect(Date.now() - since).toBeLessThan(5_000);
    await eventually(() => host.told.open === 0, { what: 'the shell and the log to end' });
  }, 30_000);

  it('say why a real API server runs no command in a Pod', async () => {
    const { status, closed } = await terminal({ appName: 'local' });
    expect(status).toBe(101);
    const { code, reason } = await closed;
    expect(code).toBe(1011);
    expect(reason).toMatch(/host assigned|error sending request|dial/);
  }, 30_000);
});
