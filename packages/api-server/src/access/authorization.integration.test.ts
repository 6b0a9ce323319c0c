import { createApiClient, type Route, type RouteName, requestPath, routes } from '@plumbline/protocol';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';
import { model, type Need, type Target } from '../test-support/authorization-model.ts';

let fixture: ApiFixture;
let other: TestNamespace;
const tokens = new Map<string, string>();

/** Who may what, as policies say it; OTHER is the second namespace. */
const roles: Record<string, readonly Need[]> = {
  nobody: [],
  redreader: [
    ['applications', 'get', 'red/*'],
    ['projects', 'get', 'red'],
  ],
  redlogs: [
    ['applications', 'get', 'red/*'],
    ['logs', 'get', 'red/one'],
  ],
  syncer: [['applications', 'sync', '*/*']],
  redowner: [
    ['applications', '*', 'red/*'],
    ['projects', '*', 'red'],
    ['repositories', '*', 'red/*'],
    ['clusters', '*', 'red/*'],
  ],
  elsewhere: [['applications', '*', 'red/OTHER/*']],
  blueupdater: [
    ['applications', 'get', 'blue/*'],
    ['applications', 'update', 'blue/*'],
    ['applications', 'delete', 'blue/*'],
  ],
  hands: [
    ['applications', 'get', '*/*'],
    ['applications', 'update//ConfigMap/*', 'red/*'],
    ['applications', 'action/*', 'blue/*'],
  ],
  declarer: [
    ['clusters', '*', 'https://*'],
    ['repositories', 'get', 'https://*'],
    ['write-repositories', 'create', 'https://*'],
    ['certificates', 'get', '*'],
    ['certificates', 'delete', '*'],
    ['gpgkeys', 'get', '*'],
    ['accounts', 'get', '*'],
  ],
  clerk: [
    ['accounts', 'update', 'ghost'],
    ['projects', 'update', '*'],
    ['projects', 'create', 'blue'],
  ],
  admin: [['*', '*', '*']],
};

const fits = (pattern: string, value: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(value);

const filled = ([resource, action, object]: Need): Need => [resource, action, object.replace('OTHER', other.name)];

function may(role: string, need: Need): boolean {
  return (roles[role] ?? [])
    .map(filled)
    .some((line) => line.every((pattern, index) => fits(pattern, need[index] ?? '')));
}

const patch = (name: string, data: Record<string, string>) =>
  fixture.kube.patch(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name },
    { data },
    { type: 'merge' },
  );

async function account(name: string): Promise<string> {
  const client = fixture.api;
  const known = () => client.call('getAccount', { params: { name } });
  await eventually(known, { what: `the account ${name}` });
  return (await client.call('createAccountToken', { params: { name }, body: {} })).token;
}

/** Two projects, and Applications of them in two namespaces. */
async function arrange(): Promise<void> {
  other = await testNamespace(fixture.kube, 'team');
  await patch('argocd-cmd-params-cm', { 'application.namespaces': other.name });
  const names = Object.keys(roles).filter((name) => name !== 'admin');
  const lines = names.flatMap((name) =>
    (roles[name] ?? []).map((line) => `p, ${name}, ${filled(line).join(', ')}, allow`),
  );
  await patch('argocd-rbac-cm', { 'policy.csv': lines.join('\n') });
  await patch('argocd-cm', Object.fromEntries(names.map((name) => [`accounts.${name}`, 'apiKey'])));
  for (const name of names) tokens.set(name, await account(name));
  tokens.set('admin', fixture.token);
  for (const name of ['red', 'blue']) {
    const destinations = [{ server: '*', namespace: '*' }];
    const spec = { sourceRepos: ['*'], destinations, sourceNamespaces: [other.name] };
    await fixture.api.call('createProject', { body: { project: { metadata: { name }, spec } } });
  }
  for (const target of applications().filter(({ name }) => name !== 'absent')) {
    const { metadata, spec } = fixture.body({ name: target.name, namespace: target.namespace ?? fixture.namespace });
    const body = { metadata, spec: { ...spec, project: target.project } };
    const made = () => fixture.api.call('createApplication', { body, query: { validate: false } });
    await eventually(made, { what: `the Application ${target.name}` });
  }
}

const applications = (): Target[] => [
  { project: 'red', name: 'one' },
  { project: 'red', name: 'two' },
  { project: 'blue', name: 'three' },
  { project: 'red', namespace: other.name, name: 'four' },
  { project: 'red', name: 'absent' },
];
const projects: Target[] = [
  { project: 'red', name: '' },
  { project: 'blue', name: '' },
  { project: '', name: '' },
];

function targetsOf(name: RouteName): Target[] {
  const { about } = model[name];
  if (about === 'applications') return applications();
  const { path } = routes[name];
  if (about === 'projects') return path.includes('/projects') ? projects.filter(({ project }) => project) : projects;
  return [{ project: '', name: '' }];
}

/** The body for the target: what names a project or namespace there is filled in. */
function bodyOf(name: RouteName, { project, namespace, name: own }: Target): unknown {
  const { body } = model[name];
  if (name === 'createProject') return { project: { metadata: { name: project }, spec: { roles: [{ name: 'a b' }] } } };
  if (name === 'manifestsWithFiles') return [{ query: { name: own, appNamespace: namespace } }];
  if (name === 'sourceDetails') return { ...(body as object), appProject: project };
  if (name === 'updateApplicationSpec') return { ...(body as object), project };
  if (name === 'createApplication' || name === 'updateApplication') {
    const { spec } = body as { spec: object };
    return { metadata: { name: own, ...(namespace ? { namespace } : {}) }, spec: { ...spec, project } };
  }
  const declared = model[name].about === 'projects' && name !== 'updateProject' && typeof body === 'object';
  return declared ? { ...body, project } : body;
}

async function ask(name: RouteName, token: string | undefined, target: Target) {
  const route: Route = routes[name];
  const { params, query } = model[name];
  const scoped = model[name].about === 'projects' && target.project ? { appProject: target.project } : {};
  const place = target.namespace ? { appNamespace: target.namespace } : {};
  const path = requestPath(route.path, params?.(target), { ...query, ...scoped, ...place });
  const body = route.method === 'GET' ? undefined : JSON.stringify(bodyOf(name, target) ?? {});
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const controller = new AbortController();
  const init = { method: route.method, headers, signal: controller.signal, ...(body === undefined ? {} : { body }) };
  const answer = await fixture.raw(path, init);
  const text = route.stream && answer.ok ? '' : await answer.text();
  controller.abort();
  return { status: answer.status, text };
}

beforeAll(async () => {
  fixture = await apiFixture();
  fixture.store.worker('render', () => Promise.reject(new Error('no repo-server here')), { concurrency: 4 });
  await arrange();
}, 300_000);

afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await fixture.close();
});

/** Routes that an Application need not be there for. */
const makes: readonly RouteName[] = ['createApplication', 'sourceDetails'];

function isAllowed(role: string, name: RouteName, target: Target): boolean {
  const needs = model[name].needs(target);
  if (typeof needs === 'string') return true;
  const isThere = target.name !== 'absent' || makes.includes(name);
  return isThere && needs.every((need) => may(role, need));
}

/** Routes that end the session of the one who asks. */
const skipped: readonly string[] = ['logout', 'login'];

describe('the route table', () => {
  it.each(Object.keys(roles))(
    'lets %s do what the policies say, on every route and object',
    async (role) => {
      const wrong: string[] = [];
      for (const name of (Object.keys(routes) as RouteName[]).filter((one) => !skipped.includes(one))) {
        const look = async (target: Target): Promise<void> => {
          const allowed = isAllowed(role, name, target);
          const { status, text } = await ask(name, tokens.get(role), target);
          if (status !== 401 && (status === 403) !== allowed) return;
          wrong.push(`${name} ${JSON.stringify(target)}: expected ${allowed}, was ${status} ${text.slice(0, 100)}`);
        };
        await Promise.all(targetsOf(name).map(look));
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  it('lets a stranger use nothing but what is open to anyone', async () => {
    const wrong: string[] = [];
    for (const name of Object.keys(routes) as RouteName[]) {
      const [target = { project: '', name: '' }] = targetsOf(name);
      const { status } = await ask(name, undefined, target);
      const isOpen = model[name].needs(target) === 'anyone';
      if (name !== 'login' && (status === 401) === isOpen) wrong.push(`${name}: ${status}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('refuses an Application that is not there in the bytes of one that is not the caller’s', async () => {
    const named = (Object.keys(routes) as RouteName[]).filter((name) => routes[name].path.includes('{name}'));
    for (const name of named.filter((one) => model[one].about === 'applications')) {
      const answers = await Promise.all(applications().map((target) => ask(name, tokens.get('nobody'), target)));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, name).toBe(1);
    }
  }, 60_000);

  it('tells that there is no such Application only to who names a project that is open to him', async () => {
    const get = (role: string, project: string) =>
      createApiClient({ url: fixture.server.url, token: tokens.get(role) }).call('getApplication', {
        params: { name: 'absent' },
        query: { project: [project] },
      });
    await expect(get('redreader', 'red')).rejects.toMatchObject({ status: 404 });
    await expect(get('redreader', 'blue')).rejects.toMatchObject({ status: 403 });
  });
});

describe('lists', () => {
  it.each(Object.keys(roles))('show %s just what is open to him', async (role) => {
    const api = createApiClient({ url: fixture.server.url, token: tokens.get(role) });
    const { items } = await api.call('listApplications');
    const objectOf = ({ project, namespace, name }: Target) =>
      [project, ...(namespace ? [namespace] : []), name].join('/');
    const wanted = applications().filter(
      (target) => target.name !== 'absent' && may(role, ['applications', 'get', objectOf(target)]),
    );
    expect(items.map(({ metadata }) => metadata.name).sort()).toEqual(wanted.map(({ name }) => name).sort());
    const shown = (await api.call('listProjects')).items.map(({ metadata }) => metadata.name);
    expect(shown).toEqual(['blue', 'default', 'red'].filter((name) => may(role, ['projects', 'get', name])));
    const clusters = (await api.call('listClusters')).items;
    expect(clusters).toHaveLength(may(role, ['clusters', 'get', 'https://kubernetes.default.svc']) ? 1 : 0);
    const accounts = (await api.call('listAccounts')).items.map(({ name }) => name);
    expect(accounts).toEqual(
      [...Object.keys(roles)].filter((name) => name === role || may(role, ['accounts', 'get', name])).sort(),
    );
  });
});

describe('open streams', () => {
  it('end within five seconds of their caller losing the right', async () => {
    const api = createApiClient({ url: fixture.server.url, token: tokens.get('redreader') });
    const tree = api.stream('watchResourceTree', { params: { name: 'one' } })[Symbol.asyncIterator]();
    expect((await tree.next()).done).toBe(false);
    const apps = api.stream('watchApplications', { query: { name: 'one' } })[Symbol.asyncIterator]();
    expect(await apps.next()).toMatchObject({ value: { type: 'ADDED' } });
    await patch('argocd-rbac-cm', { 'policy.csv': '' });
    const since = Date.now();
    const treeEnd = tree.next().catch(() => ({ done: true }));
    expect(await apps.next()).toMatchObject({ value: { type: 'DELETED', application: { spec: {} } } });
    expect((await treeEnd).done).toBe(true);
    expect(Date.now() - since).toBeLessThan(5_000);
    await apps.return?.();
  }, 20_000);
});
