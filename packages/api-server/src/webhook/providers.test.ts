import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { type Header, type Provider, providerOf, pushesOf } from './providers.ts';
import { isGenuine } from './verify-sender.ts';

const web = 'https://git.example/org/repo';
const commits = [{ added: ['a'], modified: ['b'], removed: null }];
const hub = { ref: 'refs/heads/main', repository: { html_url: web, default_branch: 'main' }, commits };
const headerOf =
  (headers: Record<string, string>): Header =>
  (name) =>
    headers[name];

interface Sample {
  provider: Provider;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}
const samples: Sample[] = [
  { provider: 'github', headers: { 'x-github-event': 'push' }, body: hub },
  { provider: 'gogs', headers: { 'x-gogs-event': 'push', 'x-github-event': 'push' }, body: hub },
  {
    provider: 'gitlab',
    headers: { 'x-gitlab-event': 'Push Hook' },
    body: { object_kind: 'push', ref: 'refs/heads/main', project: { web_url: web, default_branch: 'main' }, commits },
  },
  {
    provider: 'bitbucket',
    headers: { 'x-hook-uuid': 'u', 'x-event-key': 'repo:push' },
    body: { repository: { links: { html: { href: web } } }, push: { changes: [{ new: { name: 'main' }, old: null }] } },
  },
  {
    provider: 'bitbucket-server',
    headers: { 'x-event-key': 'repo:refs_changed' },
    body: { repository: { links: { clone: [{ href: web }] } }, changes: [{ ref: { id: 'refs/heads/main' } }] },
  },
  {
    provider: 'azure-devops',
    headers: { 'x-vss-activityid': '1' },
    body: {
      eventType: 'git.push',
      resource: {
        refUpdates: [{ name: 'refs/heads/main' }],
        repository: { remoteUrl: web, defaultBranch: 'refs/heads/main' },
      },
    },
  },
  { provider: 'plain', headers: {}, body: { repository: web, ref: 'main' } },
];

describe.each(samples)('a push told by $provider', ({ provider, headers, body }) => {
  const header = headerOf(headers);

  it('is read', () => {
    expect(providerOf(header, body)).toBe(provider);
    expect(pushesOf(provider, header, body)).toMatchObject([{ urls: [web], revision: 'main', touchesHead: true }]);
  });

  it('is read or refused by its fields, whatever is missing or of another type', () => {
    const wrong = [undefined, null, 5, 'text', [], {}, [[]], [null], { a: 1 }, '\0'];
    for (const key of Object.keys(body)) {
      for (const value of wrong) {
        try {
          pushesOf(provider, header, { ...body, [key]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(ZodError);
        }
      }
    }
    for (const value of wrong) expect(() => providerOf(header, value)).not.toThrow();
  });
});

it('events that are about something else are none', () => {
  expect(pushesOf('github', headerOf({ 'x-github-event': 'ping' }), { zen: 'quiet' })).toEqual([]);
  expect(pushesOf('gitlab', headerOf({ 'x-gitlab-event': 'Note Hook' }), {})).toEqual([]);
  expect(pushesOf('azure-devops', headerOf({}), { eventType: 'git.pullrequest.created' })).toEqual([]);
});

it('packages of GitHub and artifacts of Harbor name a tag', () => {
  const one = { name: 'web', package_type: 'CONTAINER', owner: { login: 'org' } };
  const version = { package_version: { container_metadata: { tag: { name: '1.2' } } } };
  const sent = { package: { ...one, ...version } };
  expect(pushesOf('github', headerOf({ 'x-github-event': 'package' }), sent)).toMatchObject([
    { urls: ['oci://ghcr.io/org/web'], revision: '1.2', artifact: true },
  ]);
  const resources = [{ tag: '2', resource_url: 'harbor.example:8443/p/web:2' }];
  expect(pushesOf('harbor', headerOf({}), { type: 'PUSH_ARTIFACT', event_data: { resources } })).toMatchObject([
    { urls: ['oci://harbor.example:8443/p/web'], revision: '2' },
  ]);
});

describe('senders', () => {
  const body = Buffer.from('{}');
  const secret = 'canary';
  const sum = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex');
  const none = {
    github: undefined,
    gitlab: undefined,
    bitbucketUuid: undefined,
    bitbucketServer: undefined,
    gogs: undefined,
    azureDevOps: undefined,
    plain: undefined,
  };
  const all = {
    github: secret,
    gitlab: secret,
    bitbucketUuid: secret,
    bitbucketServer: secret,
    gogs: secret,
    azureDevOps: { username: 'u', password: secret },
    plain: secret,
  };
  const right: [Provider, Record<string, string>][] = [
    ['github', { 'x-hub-signature-256': `sha256=${sum('sha256')}` }],
    ['github', { 'x-hub-signature': `sha1=${sum('sha1')}` }],
    ['gogs', { 'x-gogs-signature': sum('sha256') }],
    ['gitlab', { 'x-gitlab-token': secret }],
    ['bitbucket', { 'x-hook-uuid': secret }],
    ['bitbucket-server', { 'x-hub-signature': `sha256=${sum('sha256')}` }],
    ['azure-devops', { authorization: `Basic ${Buffer.from(`u:${secret}`).toString('base64')}` }],
    ['plain', { 'x-hub-signature-256': `sha256=${sum('sha256')}` }],
  ];

  it.each(right)('of %s prove themselves', (provider, headers) => {
    expect(isGenuine(provider, { header: headerOf(headers), body }, all)).toBe(true);
    const [name = '', value = ''] = Object.entries(headers)[0] ?? [];
    for (const wrong of ['', value.slice(0, -4), `x${value}`, 'sha256=', 'md5=x']) {
      expect(isGenuine(provider, { header: headerOf({ [name]: wrong }), body }, all)).toBe(false);
    }
    expect(isGenuine(provider, { header: headerOf({}), body }, all)).toBe(false);
    expect(isGenuine(provider, { header: headerOf({}), body }, none)).toBe(true);
  });
});

describe('what else hosts tell', () => {
  const gitlabSystem = headerOf({ 'x-gitlab-event': 'System Hook' });
  const project = { web_url: web, default_branch: 'main' };
  const bitbucket = headerOf({ 'x-hook-uuid': 'u', 'x-event-key': 'repo:push' });
  const bitbucketBody = (change: object, mainbranch?: object) => ({
    repository: { links: { html: { href: web } }, mainbranch },
    push: { changes: [change] },
  });

  it('is read of system hooks of GitLab where it is a push', () => {
    const push = { event_name: 'tag_push', ref: 'refs/tags/v1', project };
    expect(pushesOf('gitlab', gitlabSystem, push)).toMatchObject([{ revision: 'v1', touchesHead: false }]);
    expect(pushesOf('gitlab', gitlabSystem, { event_name: 'project_create', project_id: 1 })).toEqual([]);
  });

  it.each([
    [{ new: { name: 'v1', type: 'tag' } }, undefined, 'v1', false],
    [{ new: { name: 'dev', type: 'branch' } }, undefined, 'dev', true],
    [{ new: { name: 'dev', type: 'branch' } }, { name: 'main' }, 'dev', false],
    [{ new: null, old: { name: 'main', type: 'branch' } }, { name: 'main' }, 'main', true],
  ])('is read of Bitbucket: %j with the main branch %j', (change, main, revision, touchesHead) => {
    expect(pushesOf('bitbucket', bitbucket, bitbucketBody(change, main))).toMatchObject([{ revision, touchesHead }]);
  });

  it('is read of mirrors and tags of Bitbucket Server', () => {
    const header = headerOf({ 'x-event-key': 'mirror:repo_synchronized' });
    const body = { repository: { links: { clone: [{ href: web }] } }, changes: [{ ref: { id: 'refs/tags/v1' } }] };
    expect(pushesOf('bitbucket-server', header, body)).toMatchObject([{ revision: 'v1', touchesHead: false }]);
  });
});
