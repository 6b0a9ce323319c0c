import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const apps = '/api/v1/applications';
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const synced = { ...base, status: { sync: { status: 'Synced', revision: 'abc' }, health: { status: 'Healthy' } } };

useOwnConfiguration();

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
  it('takes the entry before the newest where none is named, and the first by its id', async () => {
    const history = [4, 5, 6].map((id) => ({ id, revision: `r${id}`, deployedAt: '2026-05-01T12:00:00Z' }));
    const stored = { ...synced, status: { ...synced.status, history } };
    const routes = { [`GET ${apps}/web`]: { json: stored }, [`POST ${apps}/web/rollback`]: { json: synced } };
    const sent = async (...args: string[]) =>
      (await plumb(routes, ['app', 'rollback', 'web', ...args, '--async'])).requests.at(-1);
    expect(await sent()).toContain('"id":5');
    expect(await sent('0')).toContain('"id":0');
  });

  it('pins, with the reason and the end', async () => {
    const routes = { [`POST ${apps}/web/rollback`]: { json: synced } };
    const args = ['app', 'rollback', 'web', '3', '--reason', 'it broke', '--expires', '24h', '--async'];
    const { code, requests } = await plumb(routes, args);
    expect(code).toBe(0);
    expect(requests).toContain(`POST ${apps}/web/rollback {"id":3,"pin":true,"reason":"it broke","expires":"24h"}`);
  });
});

describe('plumb app confirm-deletion', () => {
  it('says when it was confirmed, where the controller looks for it', async () => {
    const { code, requests } = await plumb({ [`PATCH ${apps}/web`]: { json: synced } }, [
      'app',
      'confirm-deletion',
      'web',
    ]);
    expect(code).toBe(0);
    expect(requests[0]).toContain('argocd.argoproj.io/deletion-approved\\":\\"2026-05-01T12:00:00Z');
  });
});

describe('plumb app sync of a part', () => {
  const manifest = (name: string, tier: string) =>
    JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'n', labels: { tier } } });
  const item = { group: '', kind: 'ConfigMap', namespace: 'n', name: 'a', hook: false, modified: true };
  const states = { targetState: '{}', liveState: '{}', differences: [{ path: '/data/k', live: '1', target: '2' }] };
  const routes = {
    [`GET ${apps}/web`]: { json: synced },
    [`GET ${apps}/web/manifests`]: { json: { manifests: [manifest('a', 'front'), manifest('b', 'back')] } },
    [`GET ${apps}/web/managed-resources`]: { json: { items: [{ ...item, ...states }] } },
    [`POST ${apps}/web/sync`]: { json: synced },
  };
  const sync = (args: string[], options = {}) => plumb(routes, ['app', 'sync', 'web', '--async', ...args], options);

  it('takes the objects with a label', async () => {
    expect((await sync(['--label', 'tier=back'])).requests.at(-1)).toContain(
      '"resources":[{"group":"apps","kind":"Deployment","name":"b","namespace":"n"}]',
    );
    expect((await sync(['--label', 'tier=none'])).err).toContain('no resource of web has the labels tier=none');
  });

  it('shows the changes first, and does nothing when the answer is no', async () => {
    const refused = await sync(['--preview-changes'], { answers: ['n'] });
    expect(refused.out).toContain('/data/k');
    expect([refused.code, refused.requests.some((request) => request.startsWith('POST'))]).toEqual([1, false]);
    expect((await sync(['--preview-changes', '--assumeYes'])).requests.at(-1)).toContain(`POST ${apps}/web/sync`);
  });
});

describe('output for programs', () => {
  it('stands alone on standard output', async () => {
    const tree = { nodes: [], orphanedNodes: [], hosts: [], shardsCount: 1 };
    const routes = { [`GET ${apps}/web`]: { json: synced }, [`GET ${apps}/web/resource-tree`]: { json: tree } };
    const { out, err } = await plumb(routes, ['app', 'wait', 'web', '-o', 'json']);
    expect(JSON.parse(out)).toHaveProperty('metadata.name', 'web');
    expect(err).toContain('Synced');
  });
});

describe('applications that a selector chooses', () => {
  it('are those of their own namespaces', async () => {
    const items = [
      { metadata: { name: 'web', namespace: 'team' } },
      { metadata: { name: 'web', namespace: 'argocd' } },
    ];
    const routes = {
      [`GET ${apps}`]: { json: { metadata: {}, items } },
      [`GET ${apps}/web`]: { json: synced },
      [`POST ${apps}/web/sync`]: { json: synced },
    };
    const { requests } = await plumb(routes, ['app', 'sync', '-l', 'a=b', '--async']);
    const started = requests.filter((request) => request.startsWith('POST')).map((request) => request.split(' ')[1]);
    expect(started).toEqual([`${apps}/web/sync?appNamespace=team`, `${apps}/web/sync?appNamespace=argocd`]);
  });
});
