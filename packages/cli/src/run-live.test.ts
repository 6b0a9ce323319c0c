import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const one = '/api/v1/applications/web';
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const node = (kind: string, name: string, group = '') => ({
  ...{ group, version: 'v1', kind, namespace: 'n', name, uid: name, health: { status: 'Healthy' } },
});
const tree = {
  nodes: [node('Deployment', 'web', 'apps'), node('ConfigMap', 'a'), node('ConfigMap', 'b')],
  orphanedNodes: [node('Secret', 'lost')],
  hosts: [],
  shardsCount: 1,
};
const history = [
  {
    id: 3,
    revision: 'a'.repeat(40),
    deployedAt: '2026-05-01T11:00:00Z',
    source: { repoURL: 'x', targetRevision: 'main' },
  },
  { id: 4, revision: '1.0.0', deployedAt: '2026-05-01T12:00:00Z', initiatedBy: { username: 'ada' } },
];
const routes = {
  [`GET ${one}`]: { json: { ...base, status: { history } } },
  [`GET ${one}/resource-tree`]: { json: tree },
  [`GET ${one}/resource`]: {
    json: { manifest: JSON.stringify({ kind: 'X', metadata: { managedFields: [] }, spec: { replicas: 2 } }) },
  },
  [`POST ${one}/resource`]: { json: { manifest: '{}' } },
  [`DELETE ${one}/resource`]: { json: {} },
  [`DELETE ${one}/operation`]: { json: {} },
  [`GET ${one}/resource/actions`]: { json: { actions: [{ name: 'restart' }] } },
  [`POST ${one}/resource/actions/v2`]: { json: {} },
  [`GET ${one}/manifests`]: { json: { manifests: ['{"kind":"ConfigMap"}'] } },
};

useOwnConfiguration();

describe('plumb app history', () => {
  it('lists deployments with what was followed and who asked', async () => {
    const { out } = await plumb(routes, ['app', 'history', 'web']);
    expect(out).toMatch(/3 {3}2026-05-01T11:00:00Z {2}main \(aaaaaaa\)\n4 .*1\.0\.0 +ada\n$/);
    expect((await plumb(routes, ['app', 'history', 'web', '-o', 'id'])).out).toBe('3\n4\n');
  });
});

describe('plumb app resources', () => {
  it('lists objects and marks orphans', async () => {
    const { out } = await plumb(routes, ['app', 'resources', 'web']);
    expect(out).toMatch(/apps +Deployment +n +web +Healthy +No\n/);
    expect(out).toMatch(/Secret +n +lost +Healthy +Yes\n/);
    expect((await plumb(routes, ['app', 'resources', 'web', '--orphaned'])).out).not.toContain('Deployment');
  });
});

describe('plumb app manifests', () => {
  it('prints what the source says of a revision', async () => {
    const { out, requests } = await plumb(routes, ['app', 'manifests', 'web', '--revision', 'v1']);
    expect([out, requests]).toEqual(['---\nkind: ConfigMap\n', [`GET ${one}/manifests?revision=v1`]]);
  });
});

describe('commands on live objects', () => {
  it('print an object, or some of its fields', async () => {
    const args = ['app', 'get-resource', 'web', '--kind', 'deployment', '-o', 'json'];
    expect(JSON.parse((await plumb(routes, args)).out)).toEqual({ kind: 'X', metadata: {}, spec: { replicas: 2 } });
    expect(JSON.parse((await plumb(routes, [...args, '--filter-fields', 'spec.replicas'])).out)).toEqual({
      spec: { replicas: 2 },
    });
  });

  it('patch the one that is meant', async () => {
    const { out, requests } = await plumb(routes, [
      ...['app', 'patch-resource', 'web', '--kind', 'Deployment', '--patch', '{"spec":{}}'],
    ]);
    expect(out).toBe('apps/Deployment n/web patched\n');
    expect(requests.at(-1)).toContain('patchType=application%2Fmerge-patch%2Bjson "{\\"spec\\":{}}"');
  });

  it('leave several alone unless all are meant', async () => {
    const args = ['app', 'delete-resource', 'web', '--kind', 'ConfigMap'];
    const several = await plumb(routes, args);
    expect([several.code, several.err]).toEqual([
      1,
      expect.stringContaining('2 objects of web match: ConfigMap n/a, ConfigMap n/b\nnext:  say which with --kind'),
    ]);
    expect((await plumb(routes, [...args, '--all'])).out).toBe('ConfigMap n/a deleted\nConfigMap n/b deleted\n');
  });

  it('run an action, and say where there is no such object', async () => {
    const { out, requests } = await plumb(routes, ['app', 'actions', 'run', 'web', 'apps/Deployment/restart']);
    expect(out).toBe('restart of apps/Deployment n/web done\n');
    expect(requests.at(-1)).toContain('"resourceName":"web","action":"restart"');
    const none = await plumb(routes, ['app', 'actions', 'run', 'web', 'restart', '--kind', 'Job']);
    expect([none.code, none.err]).toEqual([20, expect.stringContaining('next:  plumb app resources web lists them')]);
    expect((await plumb(routes, ['app', 'actions', 'list', 'web'])).out).toMatch(/Deployment +n +web +restart +false/);
  });

  it('end an operation', async () => {
    expect((await plumb(routes, ['app', 'terminate-op', 'web'])).requests).toEqual([`DELETE ${one}/operation`]);
  });
});
