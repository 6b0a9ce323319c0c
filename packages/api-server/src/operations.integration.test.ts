import { ownAnnotations } from '@plumbline/apis';
import { planFact } from '@plumbline/protocol';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from './test-support/api-fixture.ts';

let fixture: ApiFixture;
let api: ApiFixture['api'];
let created: ApiFixture['created'];
let patch: ApiFixture['patch'];
let stored: ApiFixture['stored'];

beforeAll(async () => {
  fixture = await apiFixture();
  ({ api, created, patch, stored } = fixture);
}, 300_000);

afterAll(async () => fixture.close());

const source = { repoURL: 'https://git/x', path: 'p' };
const history = ['good', 'bad'].map((revision, id) => ({ id, revision, source, deployedAt: '2026-01-01T00:00:00Z' }));

async function notesOf(name: string): Promise<Record<string, string>> {
  return (await stored(name)).metadata.annotations ?? {};
}

describe('a rollback under automation', () => {
  async function automated() {
    const { name, params } = await created();
    const destination = { namespace: 'n' };
    const sync = { status: 'Synced', revision: 'newest', comparedTo: { source, destination } };
    await patch(name, { spec: { syncPolicy: { automated: {} } }, status: { history, sync } });
    return { name, params };
  }

  it('is refused, as Argo CD does', async () => {
    const { params } = await automated();
    await expect(api.call('rollbackApplication', { params, body: { id: 0 } })).rejects.toMatchObject({
      status: 400,
      code: 9,
    });
  });

  it('that pins makes automation skip what came later, and tells for whom, why and how long', async () => {
    const { name, params } = await automated();
    const body = { id: 0, pin: true, reason: 'it broke', expires: '2030-01-01T00:00:00Z' };
    const { operation } = await api.call('rollbackApplication', { params, body });
    expect(operation?.sync).toMatchObject({ revision: 'good' });
    const skipped: unknown = JSON.parse((await notesOf(name))[ownAnnotations.skipRevisions] ?? '');
    expect(skipped).toMatchObject({
      revisions: ['bad', 'newest'],
      by: 'admin',
      reason: 'it broke',
      expires: '2030-01-01T00:00:00.000Z',
    });
    await api.call('releaseRevisions', { params });
    expect((await notesOf(name))[ownAnnotations.skipRevisions]).toBeUndefined();
  });

  it('is refused with an end that is no time', async () => {
    const { params } = await automated();
    const call = api.call('rollbackApplication', { params, body: { id: 0, pin: true, expires: 'soon' } });
    await expect(call).rejects.toMatchObject({ status: 400, message: expect.stringContaining('24h') });
  });
});

describe('an approval', () => {
  it('is written with who gave it', async () => {
    const { name, params } = await created();
    await api.call('approveDeletions', { params, body: { digest: '0123456789abcdef' } });
    expect(await notesOf(name)).toMatchObject({
      [ownAnnotations.deletionApproved]: '0123456789abcdef',
      [ownAnnotations.deletionApprovedBy]: 'admin',
    });
  });

  it('of something that is no digest is refused', async () => {
    const { params } = await created();
    const call = api.call('approveDeletions', { params, body: { digest: 'all' } });
    await expect(call).rejects.toMatchObject({ status: 400 });
  });
});

describe('a plan', () => {
  it('is answered by the controller, and a sync can be bound to it', async () => {
    const { params } = await created();
    expect(await api.call('planApplication', { params, body: { prune: true } })).toMatchObject({ hash: '00' });
    expect(await api.call('syncApplication', { params, query: { dryRun: true }, body: {} })).toMatchObject({
      hash: '00',
    });
    const { operation } = await api.call('syncApplication', { params, body: { plan: 'abc' } });
    expect(operation?.info).toEqual([{ name: planFact, value: 'abc' }]);
  });
});

describe('sync windows', () => {
  it('are told, and refuse syncs of people where they do not let them', async () => {
    const { name, params } = await created();
    expect(await api.call('applicationSyncWindows', { params })).toEqual({ canSync: true });
    const window = { kind: 'deny', schedule: '* * * * *', duration: '1h', applications: [name] };
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: fixture.namespace };
    const spec = { syncWindows: [window] };
    await fixture.kube.patch({ ...project, name: 'default' }, { spec }, { type: 'merge' });
    const told = await eventually(async () => api.call('applicationSyncWindows', { params }), { what: 'the windows' });
    const shown = { kind: 'deny', schedule: '* * * * *', duration: '1h' };
    expect(told).toEqual({ activeWindows: [shown], assignedWindows: [shown] });
    await expect(api.call('syncApplication', { params, body: {} })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('sync window'),
    });
  });
});

describe('dependencies', () => {
  it('in a circle are refused with the circle', async () => {
    const first = await created();
    const second = await created({ annotations: { [ownAnnotations.dependsOn]: first.name } });
    const annotations = { [ownAnnotations.dependsOn]: second.name };
    const call = api.call('patchApplication', {
      params: first.params,
      body: { patch: JSON.stringify({ metadata: { annotations } }), patchType: 'merge' },
    });
    await expect(call).rejects.toMatchObject({ status: 400, message: expect.stringContaining('dependency cycle') });
  });
});
