import { createApiClient, requestPath } from '@plumbline/protocol';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';
import type { Target } from '../test-support/authorization-model.ts';
import { type Deed, deeds, type Strictness } from '../test-support/deeds.ts';
import { allowed, type Policies, type Rule } from '../test-support/policies-model.ts';

let fixture: ApiFixture;
let other: TestNamespace;
const tokens = new Map<string, string>();

const get: Rule = ['applications', 'get', 'red/*'];

/** Roles of projects; OTHER is the second namespace. */
const ofProjects: Policies['ofProjects'] = {
  'proj:red:nothing': [],
  'proj:red:reader': [get],
  'proj:red:logs': [get, ['logs', 'get', 'red/one']],
  'proj:red:logsonly': [['logs', 'get', 'red/*']],
  'proj:red:shell': [get, ['exec', 'create', 'red/*'], ['exec', 'create', 'red/two', 'deny']],
  'proj:red:shellonly': [['exec', '*', 'red/*']],
  'proj:red:runner': [get, ['applications', 'sync', 'red/*']],
  'proj:red:blindrunner': [['applications', 'sync', 'red/*']],
  'proj:red:overrider': [get, ['applications', 'sync', 'red/one'], ['applications', 'override', 'red/one']],
  'proj:red:back': [get, ['applications', 'rollback', 'red/*']],
  'proj:red:restarter': [
    get,
    ['applications', 'action/apps/Deployment/restart', 'red/*'],
    ['applications', 'action/*/ClusterRole/*', 'red/two'],
  ],
  'proj:red:actor': [
    ['applications', 'action/*', 'red/*'],
    ['applications', 'action/apps/*/scale', 'red/*', 'deny'],
  ],
  'proj:red:hands': [
    get,
    ['applications', 'update/*/ConfigMap/n/*', 'red/*'],
    ['applications', 'delete/apps/Deployment/*', 'red/one'],
    ['applications', 'delete//ConfigMap/other/absent', 'red/two'],
  ],
  'proj:red:broad': [get, ['applications', 'update', 'red/*'], ['applications', 'delete', 'red/*']],
  'proj:red:most': [
    ['applications', '*', 'red/*'],
    ['exec', 'create', 'red/*'],
    ['logs', 'get', 'red/*'],
    ['applications', 'delete/*', 'red/*', 'deny'],
    ['applications', 'override', 'red/two', 'deny'],
    ['logs', 'get', 'red/OTHER/*', 'deny'],
  ],
  'proj:red:elsewhere': [
    ['applications', '*', 'red/OTHER/*'],
    ['logs', 'get', 'red/OTHER/*'],
    ['exec', 'create', 'red/OTHER/*'],
  ],
  'proj:red:general': [],
  'proj:blue:reader': [['applications', '*', 'blue/*']],
};

const general: Policies['general'] = {
  'proj:red:general': [
    ['applications', '{get,sync}', '*/*'],
    ['logs', 'get', 'blue/*'],
    ['exec', 'create', 'red/*'],
  ],
  clerk: [
    ['applications', 'get', '*/*'],
    ['exec', 'create', '*/*'],
    ['logs', 'get', 'blue/*'],
  ],
  deputy: [['applications', 'override', '*/*']],
  'role:watcher': [
    ['applications', 'get', 'blue/*'],
    ['logs', 'get', 'blue/*'],
    ['applications', 'action/apps/Deployment/restart', '*/one'],
  ],
  'role:admin': [['*', '*', '*']],
};
const links: Policies['links'] = { deputy: 'proj:red:most', admin: 'role:admin' };
const accounts = ['clerk', 'deputy'];
/** Somebody without a token. */
const stranger = '';
const subjects = [...Object.keys(ofProjects), ...accounts, 'admin', stranger];

const filled = (rule: Rule): Rule => rule.map((part) => part.replace('OTHER', other.name)) as unknown as Rule;
const filledIn = (rules: Readonly<Record<string, readonly Rule[]>>) =>
  Object.fromEntries(Object.entries(rules).map(([name, list]) => [name, list.map(filled)]));
const policiesWith = (everyone: string): Policies => ({
  general: filledIn(general),
  ofProjects: filledIn(ofProjects),
  links,
  everyone,
});

const quoted = (text: string) => (text.includes(',') ? `"${text}"` : text);
const written = (subject: string) => (rule: Rule) =>
  ['p', subject, ...rule.map(quoted), ...(rule.length === 3 ? ['allow'] : [])].join(', ');

const patch = (name: string, data: Record<string, string>) =>
  fixture.kube.patch(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name },
    { data },
    { type: 'merge' },
  );

async function arrangeAccounts(): Promise<void> {
  const { 'role:admin': _, ...rest } = filledIn(general);
  const lines = Object.entries(rest).flatMap(([subject, rules]) => rules.map(written(subject)));
  await patch('argocd-rbac-cm', { 'policy.csv': [...lines, 'g, deputy, proj:red:most'].join('\n') });
  await patch('argocd-cm', {
    'exec.enabled': 'true',
    ...Object.fromEntries(accounts.map((name) => [`accounts.${name}`, 'apiKey'])),
  });
  for (const name of accounts) {
    const token = () => fixture.api.call('createAccountToken', { params: { name }, body: {} });
    tokens.set(name, (await eventually(token, { what: `the account ${name}` })).token);
  }
  tokens.set('admin', fixture.token);
}

async function arrangeProjects(): Promise<void> {
  for (const name of ['red', 'blue']) {
    const mine = Object.entries(filledIn(ofProjects)).filter(([subject]) => subject.startsWith(`proj:${name}:`));
    const roles = mine.map(([subject, rules]) => ({
      name: subject.split(':')[2] ?? '',
      policies: rules.map(written(subject)),
    }));
    const destinations = [{ server: '*', namespace: '*' }];
    const spec = { sourceRepos: ['*'], destinations, sourceNamespaces: [other.name], roles };
    await fixture.api.call('createProject', { body: { project: { metadata: { name }, spec } } });
    for (const { name: role } of roles) {
      const { token } = await fixture.api.call('createRoleToken', { params: { name, role }, body: {} });
      tokens.set(`proj:${name}:${role}`, token);
    }
  }
}

const targets = (): Target[] => [
  { project: 'red', name: 'one' },
  { project: 'red', name: 'two' },
  { project: 'blue', name: 'three' },
  { project: 'red', namespace: other.name, name: 'four' },
  { project: 'red', name: 'absent' },
];

/** Applications whose operation never ends: whoever may start one is told so. */
async function arrangeApplications(): Promise<void> {
  for (const { project, namespace = fixture.namespace, name } of targets().filter(({ name }) => name !== 'absent')) {
    const { metadata, spec } = fixture.body({ name, namespace });
    const body = { metadata, spec: { ...spec, project } };
    const made = () => fixture.api.call('createApplication', { body, query: { validate: false } });
    await eventually(made, { what: `the Application ${name}` });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace, name };
    await fixture.kube.patch(ref, { operation: { sync: {} } }, { type: 'merge' });
  }
}

beforeAll(async () => {
  fixture = await apiFixture();
  other = await testNamespace(fixture.kube, 'team');
  await patch('argocd-cmd-params-cm', { 'application.namespaces': other.name });
  await arrangeAccounts();
  await arrangeProjects();
  await arrangeApplications();
}, 300_000);

afterAll(async () => {
  await other?.[Symbol.asyncDispose]();
  await fixture?.close();
});

const canI = async (subject: string, [resource, action, object]: readonly [string, string, string]) =>
  (
    await createApiClient({ url: fixture.server.url, token: tokens.get(subject) }).call('canI', {
      params: { resource, action, subresource: object },
    })
  ).value;

async function statusOf(deed: Deed, target: Target, subject: string): Promise<number> {
  const place = target.namespace ? { appNamespace: target.namespace } : {};
  const path = requestPath(deed.path(target), {}, { ...deed.query?.(target), ...place });
  const token = tokens.get(subject);
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const body = deed.body === undefined ? {} : { body: JSON.stringify(deed.body) };
  const answer = await fixture.raw(path, { method: deed.method, headers, ...body });
  await answer.body?.cancel();
  return answer.status;
}

/** Strangers are let in together with the default role. */
const refusals = (subject: string, everyone: string) => (subject === stranger && everyone === '' ? [401] : [403, 404]);

/** Takes effect when the one who may do nothing else has or has not the rights of the default role. */
async function set(strictness: Strictness, everyone: string): Promise<void> {
  await patch('argocd-cm', {
    'users.anonymous.enabled': String(everyone !== ''),
    'server.rbac.rollback.enforce.enable': String(strictness.rollbackApart),
    'server.rbac.disableApplicationFineGrainedRBACInheritance': String(!strictness.inherits),
    'application.sync.requireOverridePrivilegeForRevisionSync': String(strictness.revisionsOverride),
  });
  await patch('argocd-rbac-cm', { 'policy.default': everyone });
  const wanted = everyone ? 'yes' : 'no';
  await eventually(async () => (await canI('proj:red:nothing', ['logs', 'get', 'blue/three'])) === wanted, {
    what: 'the settings',
  });
}

const strictnesses: [string, Strictness, string][] = [
  ['by default', { rollbackApart: false, inherits: false, revisionsOverride: false }, ''],
  [
    'with every switch turned, and a default role that strangers have, too',
    { rollbackApart: true, inherits: true, revisionsOverride: true },
    'role:watcher',
  ],
];

describe.each(strictnesses)('rights of roles of projects and of accounts, %s', (_, strictness, everyone) => {
  beforeAll(() => set(strictness, everyone));

  it.each(subjects)(
    'let "%s" do just what the policies say',
    async (subject) => {
      const policies = policiesWith(everyone);
      const wrong: string[] = [];
      const look = async (deed: Deed, target: Target): Promise<void> => {
        const needs = deed.needs(target, strictness);
        const may = needs.every((ways) => ways.some((need) => allowed(policies, subject, need)));
        const wanted = may && target.name !== 'absent';
        const status = await statusOf(deed, target, subject);
        // Refused otherwise: nothing of what is asked for is there, or another operation runs.
        if (wanted ? status === 400 : refusals(subject, everyone).includes(status)) return;
        wrong.push(`${deed.name} of ${JSON.stringify(target)}: expected ${wanted}, was ${status}`);
      };
      for (const deed of deeds) await Promise.all(targets().map((target) => look(deed, target)));
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it.each(subjects)(
    'are told to "%s" as they are',
    async (subject) => {
      if (subject === stranger && everyone === '')
        return expect(canI(subject, ['logs', 'get', 'x/y'])).rejects.toThrow();
      const policies = policiesWith(everyone);
      const needs = deeds.flatMap((deed) => targets().flatMap((target) => deed.needs(target, strictness).flat()));
      const distinct = [...new Map(needs.map((need) => [need.join(' '), need])).values()];
      const wrong: string[] = [];
      for (const need of distinct) {
        const wanted = allowed(policies, subject, need) ? 'yes' : 'no';
        if ((await canI(subject, need)) !== wanted) wrong.push(`${need.join(' ')}: expected ${wanted}`);
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});

describe('a refusal', () => {
  const refusalOf = async (subject: string, name: string) => {
    const headers = { authorization: `Bearer ${tokens.get(subject)}`, 'content-type': 'application/json' };
    const path = `/api/v1/applications/${name}/resource?version=v1&kind=ConfigMap&namespace=n&resourceName=absent`;
    return ((await (await fixture.raw(path, { method: 'DELETE', headers })).json()) as { message: string }).message;
  };

  it('names the right that is missing to who may look at the Application, and to nobody else', async () => {
    await set({ rollbackApart: false, inherits: false, revisionsOverride: false }, '');
    const named = 'permission denied: applications, delete//ConfigMap/n/absent, red/one';
    expect(await refusalOf('proj:red:reader', 'one')).toBe(named);
    expect(await refusalOf('proj:red:reader', 'three')).toBe('permission denied');
    expect(await refusalOf('proj:red:reader', 'absent')).toBe('permission denied');
    expect(await refusalOf('proj:red:runner', 'one')).toBe(named);
    expect(await refusalOf('proj:red:blindrunner', 'one')).toBe('permission denied');
  });
});
