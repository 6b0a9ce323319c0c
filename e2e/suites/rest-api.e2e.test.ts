import { createApiClient, frames, sessionCookie } from '@plumbline/protocol';
import { application, configMap, deployment, eventually } from '@plumbline/testing';
import { describe, expect, inject, test } from 'vitest';
import { given, unique } from '../fixture/context.ts';
import { at, healthy, outOfSync, synced } from '../fixture/expectations.ts';

const engine = inject('plumblineEngine');
const list = `${engine.url}/api/v1/applications`;

async function login(): Promise<string> {
  const body = { username: 'admin', password: engine.adminPassword };
  return (await createApiClient({ url: engine.url }).call('login', { body })).token;
}

describe.concurrent('a session', () => {
  test('is needed for everything but health and version', async () => {
    for (const path of ['/api/v1/applications', '/api/v1/applications/x', '/api/v1/stream/applications']) {
      const answer = await fetch(engine.url + path);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(await answer.json()).toMatchObject({ code: 16, error: expect.any(String), message: expect.any(String) });
    }
    expect((await fetch(`${engine.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${engine.url}/api/version`)).json()).toMatchObject({ Version: expect.any(String) });
  });

  test('is refused for a wrong password and a made-up token', async () => {
    const body = { username: 'admin', password: 'guess' };
    await expect(createApiClient({ url: engine.url }).call('login', { body })).rejects.toMatchObject({ status: 401 });
    const answer = await fetch(list, { headers: { authorization: 'Bearer made.up.token' } });
    expect(answer.status).toBe(401);
  });

  test('works as a bearer token and as a cookie', async () => {
    const token = await login();
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `${sessionCookie}=${token}` }]) {
      expect((await fetch(list, { headers })).status).toBe(200);
    }
  });
});

describe.concurrent('an Application over REST', () => {
  test('is created, read, changed and deleted', async () => {
    await using context = await given({ 'one/a.yaml': configMap('a'), 'two/b.yaml': configMap('b') });
    const { api, namespace, repository } = context;
    const app = context.app(unique('rest'));
    const params = { name: app.name };
    const body = application({ name: app.name, repoURL: repository.url, path: 'one', destinationNamespace: namespace });
    await api.call('createApplication', { body });
    await expect(
      api.call('createApplication', { body: { ...body, spec: { ...body.spec, project: 'other' } } }),
    ).rejects.toMatchObject({ status: 400 });
    await app.becomes(outOfSync);

    const { items } = await api.call('listApplications', { query: { name: app.name } });
    expect(items.map(({ metadata }) => metadata.name)).toEqual([app.name]);

    const automated = { spec: { syncPolicy: { automated: {} } } };
    await api.call('patchApplication', { params, body: { patch: JSON.stringify(automated), patchType: 'merge' } });
    await app.becomes(synced, healthy);

    const now = await api.call('getApplication', { params });
    const source = { ...now.spec.source, repoURL: repository.url, path: 'two' };
    await api.call('updateApplication', { params, body: { ...now, spec: { ...now.spec, source } } });
    await context.liveBecomes('ConfigMap', 'b', (live) => live);

    await api.call('deleteApplication', { params });
    await app.disappears();
    const refusal = () =>
      api.call('getApplication', { params }).then(
        () => undefined,
        (error: unknown) => error,
      );
    // The API server hears of it by its watch.
    expect(await eventually(refusal, { what: 'the API server to know' })).toMatchObject({ status: 403 });
  });

  test('is compared with the newest commit before a get with refresh answers', async () => {
    await using context = await given({ 'a.yaml': configMap('a') });
    const app = await context.application();
    await app.becomes(outOfSync);
    for (const level of ['normal', 'hard'] as const) {
      const revision = await context.commit({ 'a.yaml': configMap('a', { level }) });
      expect((await app.refresh(level)).status?.sync?.revision).toBe(revision);
    }
  });

  test('shows its tree down to the pods, what is managed, and what is rendered', async () => {
    await using context = await given({ 'a.yaml': [configMap('a'), deployment('web')] });
    const app = await context.application({ automated: true });
    await app.becomes(synced, healthy);
    await eventually(
      async () => {
        const { nodes } = await app.resourceTree();
        const kinds = nodes.map(({ kind, parentRefs }) => `${parentRefs?.[0]?.kind ?? ''}>${kind}`);
        return ['>ConfigMap', '>Deployment', 'Deployment>ReplicaSet', 'ReplicaSet>Pod'].every((k) => kinds.includes(k));
      },
      { what: 'the tree to be whole' },
    );
    const managed = await app.managedResources();
    expect(managed.map(({ kind, modified }) => [kind, modified]).sort()).toEqual([
      ['ConfigMap', false],
      ['Deployment', false],
    ]);
    const { manifests } = await context.api.call('manifests', { params: { name: app.name } });
    expect(manifests.map((text) => JSON.parse(text).kind).sort()).toEqual(['ConfigMap', 'Deployment']);
  });

  test('never shows the values of a Secret', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { key: 'tr0ub4dor' } };
    await using context = await given({ 'a.yaml': secret });
    const app = await context.application({ automated: true });
    await app.becomes(synced, healthy);
    const answers = [await app.managedResources(), await context.api.call('manifests', { params: { name: app.name } })];
    const text = JSON.stringify(answers);
    expect(text).not.toContain('tr0ub4dor');
    expect(text).not.toContain(Buffer.from('tr0ub4dor').toString('base64'));
  });
});

describe.concurrent('the stream of Applications', () => {
  test.for([
    ['newline-delimited JSON', 'application/json', /^\{"result":/],
    ['server-sent events', 'text/event-stream', /^data: ?\{"result":/],
  ] as const)('as %s tells of what is there and of each change', async ([, accept, form]) => {
    await using context = await given({ 'a.yaml': configMap('a') });
    const app = await context.application();
    await app.becomes(outOfSync);
    const headers = { authorization: `Bearer ${await login()}`, accept };
    const open = async () => {
      const answer = await fetch(`${engine.url}/api/v1/stream/applications?name=${app.name}`, { headers });
      expect(answer.headers.get('content-type')).toContain(accept);
      if (!answer.body) throw new Error('the stream has no body');
      return answer.body;
    };
    const raw = (await open()).getReader();
    expect(Buffer.from((await raw.read()).value ?? []).toString('utf8')).toMatch(form);
    await raw.cancel();

    const events = frames(await open());
    await app.sync();
    const types: string[] = [];
    for await (const frame of events) {
      const { type, application: seen } = frame as {
        type: string;
        application: { status?: { sync?: { status: string } } };
      };
      types.push(type);
      if (seen.status?.sync?.status === 'Synced') break;
    }
    expect(types[0]).toBe('ADDED');
    expect(new Set(types.slice(1))).toEqual(new Set(['MODIFIED']));
  });
});

test('every service tells its metrics', async () => {
  await using context = await given({ 'a.yaml': configMap('a') });
  const app = await context.application({ automated: true });
  await app.becomes(synced, healthy);
  const revision = await context.commit({ 'README.md': 'another commit, the same manifests' });
  await app.refresh();
  await app.becomes(synced, at(revision));
  const texts: Record<string, string> = {};
  for (const [service, url] of Object.entries(engine.metricsUrls)) texts[service] = await (await fetch(url)).text();
  expect(Object.keys(texts).sort()).toEqual(['api-server', 'application-controller', 'repo-server']);
  expect(texts['application-controller']).toMatch(new RegExp(`^argocd_app_info\\{.*name="${app.name}".*\\} 1$`, 'm'));
  expect(texts['application-controller']).toMatch(/^argocd_app_reconcile_/m);
  expect(texts['repo-server']).toMatch(/^plumbline_render_total\{.*result="rendered".*\} \d+$/m);
});
