import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { runCli } from './run.ts';
import { testApi } from './test-support/api.ts';
import { fakeTerminal } from './test-support/fake-terminal.ts';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const apps = '/api/v1/applications';
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const resources = [{ version: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'a', status: 'Synced' as const }];
const synced = {
  ...base,
  status: { sync: { status: 'Synced', revision: 'abcdef123' }, health: { status: 'Healthy' }, resources },
};
const startedAt = '2026-05-01T11:59:50Z';
const finishedAt = '2026-05-01T12:00:00Z';
const after = (phase: string) => ({
  ...synced,
  status: {
    ...synced.status,
    operationState: { operation: { sync: {} }, phase, message: 'said the engine', startedAt, finishedAt },
  },
});
const tree = {
  nodes: [{ ...resources[0], uid: '1', health: { status: 'Healthy' }, createdAt: startedAt }],
  orphanedNodes: [],
  hosts: [],
  shardsCount: 1,
};

useOwnConfiguration();

describe('plumb login', () => {
  it('remembers the token for its owner only, and logout forgets it', async () => {
    await using api = await testApi({
      'POST /api/v1/session': { json: { token: 'T' } },
      'DELETE /api/v1/session': { json: {} },
    });
    const { terminal, written } = fakeTerminal({ answers: ['admin', 'secret'] });
    expect(await runCli(['login', api.url], terminal)).toBe(0);
    expect(api.requests).toEqual(['POST /api/v1/session {"username":"admin","password":"secret"}']);
    const path = join(process.env['PLUMB_CONFIG_DIR'] ?? '', 'config');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('auth-token: T');
    expect(await runCli(['context'], terminal)).toBe(0);
    expect(written.out).toContain(`*        ${new URL(api.url).host}`);
    expect(await runCli(['logout'], terminal)).toBe(0);
    expect(await readFile(path, 'utf8')).not.toContain('auth-token');
    expect(await runCli(['app', 'list'], terminal)).toBe(20);
    expect(written.err).toContain(`next:  plumb login ${api.url}`);
  });
});

describe('plumb app list', () => {
  const routes = { [`GET ${apps}`]: { json: { metadata: {}, items: [synced] } } };

  it('shows a line for each application', async () => {
    const { code, out, requests } = await plumb(routes, ['app', 'list', '-p', 'a', '-p', 'b', '-l', 'x=y']);
    expect(code).toBe(0);
    expect(out).toContain('NAME        CLUSTER');
    expect(out).toMatch(/argocd\/web .* Synced .*Healthy .*Manual .*<none> .*https:\/\/git\/x/);
    expect(requests).toEqual([`GET ${apps}?projects=a&projects=b&selector=x%3Dy`]);
  });

  it.each([
    ['name', 'argocd/web\n'],
    ['json', expect.stringContaining('"name": "web"')],
    ['yaml', expect.stringContaining('    name: web')],
  ])('speaks %s', async (format, expected) => {
    expect((await plumb(routes, ['app', 'list', '-o', format])).out).toEqual(expected);
  });
});

describe('plumb app get', () => {
  const routes = {
    [`GET ${apps}/web`]: { json: after('Succeeded') },
    [`GET ${apps}/web/resource-tree`]: { json: tree },
  };

  it('shows the application with the health of its objects', async () => {
    const window = { kind: 'deny', schedule: '0 22 * * *', duration: '1h' };
    const windows = { json: { canSync: false, activeWindows: [window], assignedWindows: [window] } };
    const all = { ...routes, [`GET ${apps}/web/syncwindows`]: windows };
    const { out, requests } = await plumb(all, ['app', 'get', 'web', '--hard-refresh', '--show-operation']);
    expect(out).toMatch(/^SyncWindow: +Sync Denied\nActive Windows: +deny:0 22 \* \* \*:1h$/m);
    expect(requests[0]).toBe(`GET ${apps}/web?refresh=hard`);
    expect(out).toContain('Sync Status:        Synced to HEAD (abcdef123)');
    expect(out).toContain('Duration:           10s');
    expect(out).toMatch(/ConfigMap {2}n {10}a {5}Synced {2}Healthy/);
  });

  it('shows the tree', async () => {
    expect((await plumb(routes, ['app', 'get', 'web', '-o', 'tree'])).out).toMatch(
      /ConfigMap\/a {2}Synced {2}Healthy {2}10s/,
    );
  });

  it('ends with 20 and the way on when the application is not there', async () => {
    const { code, err } = await plumb(routes, ['app', 'get', 'none']);
    expect(code).toBe(20);
    expect(err).toContain('error: application none: permission denied\nnext:  `plumb app list` shows what you can see');
  });

  it('says who gives a right that the server names as missing', async () => {
    const message = 'permission denied: applications, sync, red/web';
    const { err } = await plumb({ 'GET /api/v1/applications/web': { status: 403, message } }, ['app', 'get', 'web']);
    expect(err).toContain(`${message}\nnext:  argocd-rbac-cm and the roles of the project give rights`);
  });
});

describe('plumb app sync', () => {
  const routes = (phase: string) => ({
    [`GET ${apps}/web`]: { json: synced },
    [`POST ${apps}/web/sync`]: { json: synced },
    [`GET ${apps}/web/resource-tree`]: { json: tree },
    'GET /api/v1/stream/applications': {
      frames: [
        { type: 'ADDED', application: { ...synced, operation: { sync: {} } } },
        { type: 'MODIFIED', application: after(phase) },
      ],
    },
  });

  it('waits for the end of the operation and shows the outcome', async () => {
    const { code, out, requests } = await plumb(routes('Succeeded'), [
      'app',
      'sync',
      'web',
      '--prune',
      '--retry-limit',
      '2',
    ]);
    expect(code).toBe(0);
    expect(requests).toContain(`POST ${apps}/web/sync {"prune":true,"retryStrategy":{"limit":2}}`);
    expect(out).toContain('Phase:              Succeeded');
    expect(out).toContain('GROUP  KIND');
  });

  it('ends with 20 and the message when the operation failed', async () => {
    const { code, err } = await plumb(routes('Failed'), ['app', 'sync', 'web']);
    expect([code, err]).toEqual([20, expect.stringContaining('the sync of web ended as Failed: said the engine')]);
  });

  it('does not wait with --async', async () => {
    expect((await plumb(routes('Failed'), ['app', 'sync', 'web', '--async'])).out).toBe("sync of 'web' started\n");
  });

  it('draws a table that it takes away again on a terminal', async () => {
    const { out } = await plumb(routes('Succeeded'), ['app', 'sync', 'web'], { interactive: true });
    expect(out).toContain('\u001b[3A\u001b[J');
  });
});

describe('plumb app wait', () => {
  const routes = (application: unknown) => ({
    [`GET ${apps}/web`]: { json: application },
    [`GET ${apps}/web/resource-tree`]: { json: tree },
    'GET /api/v1/stream/applications': { frames: [{ type: 'ADDED', application }] },
  });

  it('ends when the application is there', async () => {
    expect((await plumb(routes(after('Succeeded')), ['app', 'wait', 'web'])).code).toBe(0);
  });

  it('ends with 20 when time is up, and says what is missing', async () => {
    const late = { ...base, status: { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } } };
    const { code, err } = await plumb(routes(late), ['app', 'wait', 'web', '--timeout', '1']);
    expect([code, err]).toEqual([
      20,
      expect.stringContaining('timed out (1 s) waiting for application web: missing Synced (is OutOfSync)'),
    ]);
  });

  it('ends with 20 at once when health is Degraded', async () => {
    const broken = {
      ...base,
      status: { sync: { status: 'Synced' }, health: { status: 'Degraded', message: 'crash loop' } },
    };
    const { code, err } = await plumb(routes(broken), ['app', 'wait', 'web']);
    expect([code, err]).toEqual([20, expect.stringContaining('health is Degraded: crash loop')]);
    expect((await plumb(routes(broken), ['app', 'wait', 'web', '--degraded'])).code).toBe(0);
  });
});

describe('plumb app diff', () => {
  const item = {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'n',
    name: 'web',
    targetState: '{}',
    liveState: '{}',
    hook: false,
    modified: true,
    differences: [
      { path: '/spec/replicas', target: 3, live: 5, manager: 'kubectl', time: '2026-05-01T11:58:00Z' },
      { path: '/spec/paused', target: true },
    ],
  };
  const routes = (items: unknown[]) => ({
    [`GET ${apps}/web`]: { json: synced },
    [`GET ${apps}/web/managed-resources`]: { json: { items } },
  });

  it('shows the fields that differ and exits with 1', async () => {
    const { code, out } = await plumb(routes([item]), ['app', 'diff', 'web']);
    expect(code).toBe(1);
    expect(out).toBe(
      '===== apps/Deployment n/web =====\n  /spec/replicas\n    live    5  written by kubectl 2m ago\n    target  3\n' +
        '  /spec/paused\n    live    (none)\n    target  true\n',
    );
  });

  it('exits as it is told, and with 0 where nothing differs', async () => {
    expect((await plumb(routes([item]), ['app', 'diff', 'web', '--diff-exit-code', '3'])).code).toBe(3);
    process.exitCode = undefined;
    expect((await plumb(routes([item]), ['app', 'diff', 'web', '--exit-code=false'])).code).toBe(0);
    expect((await plumb(routes([{ ...item, modified: false }]), ['app', 'diff', 'web'])).code).toBe(0);
  });
});

describe('plumb app delete', () => {
  const routes = { [`DELETE ${apps}/web`]: { json: {} }, [`GET ${apps}`]: { json: { metadata: {}, items: [] } } };

  it('asks on a terminal', async () => {
    const no = await plumb(routes, ['app', 'delete', 'web'], { interactive: true, answers: ['n'] });
    expect([no.out, no.requests]).toEqual(["'web' is left alone\n", []]);
    const yes = await plumb(routes, ['app', 'delete', 'web', '--cascade=false'], { interactive: true, answers: ['y'] });
    expect(yes.requests).toEqual([`DELETE ${apps}/web?cascade=false`]);
  });

  it('waits until it is gone', async () => {
    const { out } = await plumb(routes, ['app', 'delete', 'web', '--wait', '--propagation-policy', 'background']);
    expect(out).toBe("application 'web' deleted\n");
  });

  it('waits no more for one that goes while it looks', async () => {
    const listed = { ...routes, [`GET ${apps}`]: { json: { metadata: {}, items: [synced] } } };
    const { code, out } = await plumb(listed, ['app', 'delete', 'web', '--wait']);
    expect([code, out]).toEqual([0, "application 'web' deleted\n"]);
  });
});

describe('plumb', () => {
  it('ends with 1 on wrong usage', async () => {
    expect((await plumb({}, ['app', 'list', '--nonsense'])).code).toBe(1);
    expect((await plumb({}, ['app', 'sync'])).code).toBe(1);
  });

  it('says how to go on when no server answers', async () => {
    const { terminal, written } = fakeTerminal();
    const code = await runCli(['--server', 'localhost:1', '--auth-token', 't', 'app', 'list'], terminal);
    expect([code, written.err]).toEqual([20, expect.stringContaining('next:  is the server running?')]);
  });

  it('tells its version without a server', async () => {
    expect((await plumb({}, ['version', '--client', '--short'])).out).toMatch(/^plumb: v\d+\.\d+\.\d+\n$/);
  });
});
