import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { application } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run.ts';
import { type Reply, testApi } from './test-support/api.ts';
import { fakeTerminal } from './test-support/fake-terminal.ts';

const apps = '/api/v1/applications';
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const synced = { ...base, status: { sync: { status: 'Synced', revision: 'abc' }, health: { status: 'Healthy' } } };

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plumb-cli-'));
  process.env['PLUMB_CONFIG_DIR'] = home;
});

afterEach(async () => {
  for (const name of ['PLUMB_CONFIG_DIR', 'PLUMB_SERVER', 'PLUMB_AUTH_TOKEN']) delete process.env[name];
  process.exitCode = undefined;
  await rm(home, { recursive: true });
});

/** Runs plumb against a server with these routes, logged in. */
async function plumb(
  routes: Record<string, Reply | (() => Reply)>,
  args: string[],
  options?: Parameters<typeof fakeTerminal>[0],
) {
  await using api = await testApi(routes);
  process.env['PLUMB_SERVER'] = api.url;
  process.env['PLUMB_AUTH_TOKEN'] = 'token';
  const { terminal, written } = fakeTerminal(options);
  const code = await runCli(args, terminal);
  return { code, ...written, requests: api.requests };
}

describe('plumb app plan', () => {
  const task = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'n', reason: 'Wave 0 of the Sync phase.' };
  const plan = {
    hash: '0123456789abcdef',
    revisions: ['abc'],
    phases: [
      {
        phase: 'Sync',
        waves: [
          {
            wave: 0,
            waitsFor: '',
            tasks: [
              { ...task, name: 'a', action: 'change', differences: [{ path: '/data/key', live: '1', target: '2' }] },
              { ...task, name: 'b', action: 'prune' },
              { ...task, name: 'c', action: 'none' },
            ],
          },
        ],
      },
    ],
    invalid: [],
    holds: ['waiting for an approval of 20 deletions'],
    approval: { digest: 'aaaaaaaaaaaaaaaa', reason: '20 deletions' },
  };

  it('shows what would be done, what holds it, and how to run just that', async () => {
    const routes = { [`GET ${apps}/web`]: { json: synced }, [`POST ${apps}/web/plan`]: { json: plan } };
    const { code, out, requests } = await plumb(routes, ['app', 'plan', 'web', '--prune']);
    expect(code).toBe(0);
    expect(requests).toContain(`POST ${apps}/web/plan {"prune":true}`);
    for (const part of ['~ change   ConfigMap n/a', '/data/key  "1" → "2"', '- prune    ConfigMap n/b', '1 in order'])
      expect(out).toContain(part);
    expect(out).toContain('plumb app approve web aaaaaaaaaaaaaaaa');
    expect(out).toContain('plumb app sync web --plan 0123456789abcdef');
  });

  it('is what an approval without a digest is about', async () => {
    const routes = { [`GET ${apps}/web/plan`]: { json: plan }, [`POST ${apps}/web/approval`]: { json: {} } };
    const { code, out, requests } = await plumb(routes, ['app', 'approve', 'web', '--yes']);
    expect([code, out]).toEqual([0, expect.stringContaining('20 deletions')]);
    expect(requests).toContain(`POST ${apps}/web/approval {"digest":"aaaaaaaaaaaaaaaa"}`);
  });
});

describe('plumb app rollback', () => {
  it('pins, with the reason and the end', async () => {
    const routes = { [`POST ${apps}/web/rollback`]: { json: synced } };
    const args = ['app', 'rollback', 'web', '3', '--reason', 'it broke', '--expires', '24h', '--async'];
    const { code, requests } = await plumb(routes, args);
    expect(code).toBe(0);
    expect(requests).toContain(`POST ${apps}/web/rollback {"id":3,"pin":true,"reason":"it broke","expires":"24h"}`);
  });
});
