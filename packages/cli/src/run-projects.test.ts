import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const base = '/api/v1/projects';
const project = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'shop' },
  spec: {
    sourceRepos: ['https://git/a'],
    destinations: [{ server: 'https://k', namespace: 'n' }],
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
    roles: [{ name: 'ci', policies: ['p, proj:shop:ci, applications, get, shop/*, allow'], jwtTokens: [{ iat: 60 }] }],
  },
};
const routes = {
  [`GET ${base}`]: { json: { metadata: {}, items: [project] } },
  [`GET ${base}/shop`]: { json: project },
  [`PUT ${base}/shop`]: { json: project },
  [`POST ${base}`]: { json: project },
  [`DELETE ${base}/shop`]: { json: {} },
  [`POST ${base}/shop/roles/ci/token`]: { json: { token: 'T' } },
  [`DELETE ${base}/shop/roles/ci/token/60`]: { json: {} },
};

useOwnConfiguration();

/** The project that a command stores. */
async function stored(args: string): Promise<unknown> {
  const { requests, err } = await plumb(routes, ['proj', ...args.split(' ')]);
  const request = requests.at(-1) ?? '';
  expect([err, request]).toEqual(['', expect.stringMatching(/^(PUT|POST) /)]);
  return JSON.parse(request.slice(request.indexOf('{')));
}

describe('plumb proj', () => {
  it('lists and shows projects', async () => {
    expect((await plumb(routes, ['proj', 'list'])).out).toMatch(/shop +https:\/\/k,n +https:\/\/git\/a +\/Namespace/);
    expect((await plumb(routes, ['proj', 'list', '-o', 'name'])).out).toBe('shop\n');
    const { out } = await plumb(routes, ['proj', 'get', 'shop']);
    expect(out).toMatch(/^Repositories: +https:\/\/git\/a$/m);
    expect(out).toMatch(/^Allowed Namespaced Resources: +<any>$/m);
  });

  it('creates one of flags', async () => {
    expect(await stored('create new -s a -s b -d https://k,n --allow-cluster-resource rbac/* --upsert')).toEqual({
      project: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name: 'new' },
        spec: {
          sourceRepos: ['a', 'b'],
          destinations: [{ server: 'https://k', namespace: 'n' }],
          clusterResourceWhitelist: [{ group: 'rbac', kind: '*' }],
        },
      },
      upsert: true,
    });
  });

  it.each([
    ['add-source shop b', 'sourceRepos', ['https://git/a', 'b']],
    ['remove-source shop https://git/a', 'sourceRepos', []],
    [
      'add-destination shop far * --name',
      'destinations',
      [...project.spec.destinations, { name: 'far', namespace: '*' }],
    ],
    ['remove-destination shop https://k n', 'destinations', []],
    ['deny-cluster-resource shop  Namespace', 'clusterResourceWhitelist', []],
    ['deny-namespace-resource shop  Secret', 'namespaceResourceBlacklist', [{ group: '', kind: 'Secret' }]],
    ['set shop --src x', 'sourceRepos', ['x']],
    ['set shop --orphaned-resources-warn', 'orphanedResources', { warn: true }],
  ])('changes a list: %s', async (args, member, value) => {
    expect(await stored(args)).toHaveProperty(`project.spec.${member}`, value);
  });

  it('says so when there is nothing to change', async () => {
    const { code, err } = await plumb(routes, ['proj', 'remove-source', 'shop', 'none']);
    expect([code, err]).toEqual([20, 'error: none is not there\n']);
  });
});

describe('plumb proj role', () => {
  it('gives and takes rights, whatever the blanks', async () => {
    const added = await stored('role add-policy shop ci -a sync -o *');
    expect(added).toHaveProperty(
      'project.spec.roles.0.policies.1',
      'p, proj:shop:ci, applications, sync, shop/*, allow',
    );
    expect(await stored('role remove-policy shop ci -a get -o *')).toHaveProperty('project.spec.roles.0.policies', []);
    expect(await stored('role add-group shop ci devs')).toHaveProperty('project.spec.roles.0.groups', ['devs']);
    expect(await stored('role create shop qa')).toHaveProperty('project.spec.roles.1', { name: 'qa' });
    expect(await stored('role delete shop ci')).toHaveProperty('project.spec.roles', []);
  });

  it('makes, lists and takes back tokens', async () => {
    const made = await plumb(routes, ['proj', 'role', 'create-token', 'shop', 'ci', '-e', '1h', '-t']);
    expect([made.out, made.requests]).toEqual(['T\n', [`POST ${base}/shop/roles/ci/token {"expiresIn":3600}`]]);
    expect((await plumb(routes, ['proj', 'role', 'list-tokens', 'shop', 'ci'])).out).toContain('1970-01-01T00:01:00');
    expect((await plumb(routes, ['proj', 'role', 'delete-token', 'shop', 'ci', '60'])).code).toBe(0);
  });

  it('names the roles when there is none of that name', async () => {
    const { err } = await plumb(routes, ['proj', 'role', 'get', 'shop', 'none']);
    expect(err).toBe('error: project shop has no role "none"\nnext:  plumb proj role list shop lists them\n');
  });
});

describe('plumb proj windows', () => {
  const windows = [
    { kind: 'deny', schedule: '0 22 * * *', duration: '1h', applications: ['a'] },
    { kind: 'allow', schedule: '* * * * *', duration: '2m', namespaces: ['x'] },
  ];
  const withWindows = { ...project, spec: { ...project.spec, syncWindows: windows } };
  const all = {
    [`GET ${base}/shop`]: { json: withWindows },
    [`PUT ${base}/shop`]: { json: withWindows },
  };
  const changed = async (args: string[]) => {
    const { requests } = await plumb(all, ['proj', 'windows', ...args]);
    return JSON.parse(requests[1]?.replace(/^\S+ \S+ /, '') ?? '{}');
  };

  it('are listed, with those that are active', async () => {
    const { out } = await plumb(all, ['proj', 'windows', 'list', 'shop']);
    expect(out).toMatch(/^0 +Inactive +deny +0 22/m);
    expect(out).toMatch(/^1 +Active +allow /m);
  });

  it('are added, changed and taken away', async () => {
    const flags = '--kind deny --schedule x --duration 1h --applications p-*,web --manual-sync'.split(' ');
    expect(await changed(['add', 'shop', ...flags])).toHaveProperty('project.spec.syncWindows.2', {
      ...{ kind: 'deny', schedule: 'x', duration: '1h', timeZone: 'UTC', manualSync: true },
      applications: ['p-*', 'web'],
    });
    expect(await changed(['update', 'shop', '0', '--duration', '3h'])).toHaveProperty(
      'project.spec.syncWindows.0.duration',
      '3h',
    );
    expect(await changed(['enable-sync-overrun', 'shop', '1'])).toHaveProperty(
      'project.spec.syncWindows.1.syncOverrun',
      true,
    );
    expect(await changed(['delete', 'shop', '0'])).toHaveProperty('project.spec.syncWindows', [windows[1]]);
  });

  it('say what is missing', async () => {
    const { code, err } = await plumb(all, ['proj', 'windows', 'add', 'shop', '--kind', 'deny']);
    expect([code, err]).toEqual([1, expect.stringContaining('needs --kind, --schedule and --duration')]);
    expect((await plumb(all, ['proj', 'windows', 'delete', 'shop', '5'])).err).toContain('has no window 5');
  });
});

describe('plumb proj source-integrity git policies', () => {
  const policy = { repos: [{ url: 'a' }], gpg: { mode: 'strict', keys: ['K1'] } };
  const withPolicy = { ...project, spec: { ...project.spec, sourceIntegrity: { git: { policies: [policy] } } } };
  const all = { [`GET ${base}/shop`]: { json: withPolicy }, [`PUT ${base}/shop`]: { json: withPolicy } };
  const git = ['proj', 'source-integrity', 'git', 'policies'];
  const changed = async (...args: string[]) => {
    const { requests } = await plumb(all, [...git, ...args]);
    return JSON.parse(requests[1]?.replace(/^\S+ \S+ /, '') ?? '{}').project.spec.sourceIntegrity;
  };

  it('are listed, added, changed and deleted', async () => {
    expect((await plumb(all, [...git, 'list', 'shop'])).out).toMatch(/^0 +a +strict +K1/m);
    expect(await changed('add', 'shop', '--repo-url', 'b,c', '--gpg-key', 'K2')).toHaveProperty('git.policies.1', {
      repos: [{ url: 'b' }, { url: 'c' }],
      gpg: { mode: 'strict', keys: ['K2'] },
    });
    const more = ['--add-repo-url', 'b', '--delete-repo-url', 'a', '--gpg-mode', 'head', '--add-gpg-key', 'K2'];
    expect(await changed('update', 'shop', '0', ...more)).toHaveProperty('git.policies.0', {
      repos: [{ url: 'b' }],
      gpg: { mode: 'head', keys: ['K1', 'K2'] },
    });
    expect(await changed('delete', 'shop', '0', '-y')).toBeUndefined();
  });
});

describe('tokens of roles', () => {
  it('are those of the status, and those that older versions left in the spec', async () => {
    const token = { id: 'new', iat: 60 };
    const json = { ...project, status: { jwtTokensByRole: { ci: { items: [token] } } } };
    const { out } = await plumb({ [`GET ${base}/shop`]: { json } }, [
      'proj',
      'role',
      'list-tokens',
      'shop',
      'ci',
      '-u',
    ]);
    expect(out).toMatch(/^new +60 +never/m);
  });
});
