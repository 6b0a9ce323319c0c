import { createApiClient } from '@plumbline/protocol';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;

beforeAll(async () => {
  fixture = await apiFixture();
}, 300_000);
afterAll(() => fixture?.close());

const configMap = () => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'argocd-cm' });
const patch = (data: Record<string, string | null>) => fixture.kube.patch(configMap(), { data }, { type: 'merge' });
const problems = async () => (await fixture.api.call('settingsProblems')).items;

async function events() {
  const { items } = await fixture.kube.list({ apiVersion: 'v1', kind: 'Event', namespace: fixture.namespace });
  return items.filter((event) => event['reason'] === 'SettingNotUsable');
}

it('tells administrators of settings that cannot be used, with key and line, until they are mended', async () => {
  expect(await problems()).toEqual([]);
  await patch({ 'timeout.reconcilation': '60s', 'resource.exclusions': '- apiGroups: [a]\n  kinds: [b' });
  await eventually(async () => (await problems()).length === 2, { what: 'the problems' });
  const object = 'ConfigMap argocd-cm';
  expect(await problems()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ object, key: 'timeout.reconcilation' }),
      expect.objectContaining({ object, key: 'resource.exclusions', line: expect.any(Number) }),
    ]),
  );
  await eventually(async () => (await events()).length === 2, { what: 'the events' });
  expect((await events())[0]).toMatchObject({
    type: 'Warning',
    involvedObject: { kind: 'ConfigMap', name: 'argocd-cm' },
  });
  await expect(createApiClient({ url: fixture.server.url }).call('settingsProblems')).rejects.toMatchObject({
    status: 401,
  });
  await patch({ 'timeout.reconcilation': null, 'resource.exclusions': null });
  await eventually(async () => (await problems()).length === 0, { what: 'the mended settings' });
}, 60_000);
