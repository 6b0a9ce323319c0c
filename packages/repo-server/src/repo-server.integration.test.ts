import {
  manifestSetKey,
  type ResolveResult,
  type RevisionMetadata,
  unpackManifestSet,
  verifyReceipt,
} from '@plumbline/render';
import { configMap, eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig, type RunningServer } from './test-support/rig.ts';

let rig: Rig;
let server: RunningServer;

beforeAll(async () => {
  rig = await createRig();
  server = await rig.startServer();
}, 600_000);
afterAll(() => rig?.[Symbol.asyncDispose]());

async function objectsOf(digest: string) {
  const packed = await rig.store.sealed.get(manifestSetKey(digest));
  return packed ? unpackManifestSet(packed).objects : undefined;
}

it('resolves revisions and tells of commits', async () => {
  const head = await rig.repository.write('a/a.yaml', configMap('a')).commit('First');
  const request = { repoURL: rig.repository.url, project: 'default' };
  const resolved = (await rig.call({ kind: 'resolve', ...request, targetRevision: 'main' })) as ResolveResult;
  expect(resolved).toEqual({ revision: head, ref: 'refs/heads/main' });
  const metadata = (await rig.call({ kind: 'metadata', ...request, revision: head })) as RevisionMetadata;
  expect(metadata).toMatchObject({ message: expect.stringMatching(/^First/), tags: [] });
});

it('renders into the sealed cache and signs a receipt', async () => {
  const head = await rig.repository.write('receipt/a.yaml', configMap('a', { big: 'x' })).commit();
  const { receipt, sourceType, warnings } = await rig.render({ path: 'receipt' });
  expect({ sourceType, warnings, revision: receipt.revision, repoURL: receipt.repoURL }).toEqual({
    sourceType: 'Directory',
    warnings: [],
    revision: head,
    repoURL: rig.repository.url,
  });
  expect(verifyReceipt(rig.sealKey, receipt)).toBe(true);
  expect(await objectsOf(receipt.digest)).toEqual([configMap('a', { big: 'x' })]);
});

it('renders once what does not change, over commits and requests', async () => {
  rig.repository.write('once/kustomization.yaml', { resources: ['a.yaml'] }).write('once/a.yaml', configMap('a'));
  await rig.repository.commit();
  const before = await rig.metric(server, 'plumbline_render_total');
  const together = await Promise.all([1, 2, 3, 4].map(() => rig.render({ path: 'once' })));
  expect(together.filter(({ cached }) => !cached)).toHaveLength(1);
  const moved = await rig.repository.write('elsewhere.txt', 'x').commit();
  const later = await rig.render({ path: 'once' });
  expect(later).toMatchObject({ cached: true, receipt: { digest: together[0]?.receipt.digest, revision: moved } });
  const after = await rig.metric(server, 'plumbline_render_total');
  expect((after['result="rendered"'] ?? 0) - (before['result="rendered"'] ?? 0)).toBe(1);
  expect((after['result="cached"'] ?? 0) - (before['result="cached"'] ?? 0)).toBe(4);
});

it('renders again when the cache has lost it, and on demand', async () => {
  await rig.repository.write('lost/a.yaml', configMap('a')).commit();
  const { receipt } = await rig.render({ path: 'lost' });
  await rig.store.sealed.delete(manifestSetKey(receipt.digest));
  expect((await rig.render({ path: 'lost' })).cached).toBe(false);
  expect(await objectsOf(receipt.digest)).toHaveLength(1);
  expect((await rig.render({ path: 'lost' }, { noCache: true })).cached).toBe(false);
});

it('brings errors over with their code, words and file; the next commit heals them', async () => {
  await rig.repository.write('bad/kustomization.yaml', { resources: ['not-there.yaml'] }).commit();
  await expect(rig.render({ path: 'bad' })).rejects.toThrow(
    expect.objectContaining({ code: 'RENDER_FAILED', message: expect.stringMatching(/not-there\.yaml/) }),
  );
  await expect(rig.render({ path: 'gone' })).rejects.toThrow(
    expect.objectContaining({ code: 'RENDER_PATH_NOT_FOUND' }),
  );
  await expect(rig.render({ targetRevision: 'no-branch' })).rejects.toThrow(
    expect.objectContaining({ code: 'GIT_REVISION_NOT_FOUND' }),
  );
  await rig.repository.write('bad/not-there.yaml', configMap('a')).commit();
  expect((await rig.render({ path: 'bad' })).cached).toBe(false);
});

it('runs a tool once per step for a broken source, at once after its inputs change or on demand', async () => {
  rig.repository.write('broken/kustomization.yaml', { resources: ['a.yaml'] }).write('broken/a.yaml', '{ no');
  await rig.repository.commit();
  const failedRuns = async () =>
    (await rig.metric(server, 'plumbline_render_failed_runs_total'))['type="Kustomize"'] ?? 0;
  const before = await failedRuns();
  const ask = (more?: { noCache: boolean }) => rig.render({ path: 'broken' }, more).then(String, String);
  const started = performance.now();
  const messages = (await Promise.all(Array.from({ length: 50 }, () => ask()))).concat(await ask());
  const told = /a\.yaml.* \(revision [0-9a-f]{12}, failed \d+ s ago, next try in \d+ s\)/s;
  for (const message of messages) expect(message).toMatch(told);
  expect((await failedRuns()) - before).toBeLessThanOrEqual(1 + (performance.now() - started) / 1000);
  const settled = await failedRuns();
  await ask({ noCache: true });
  expect(await failedRuns()).toBe(settled + 1);
  await rig.repository.write('broken/a.yaml', configMap('a')).commit();
  expect((await rig.render({ path: 'broken' })).cached).toBe(false);
});

it('follows the settings of argocd-cm without a restart', async () => {
  rig.repository
    .write('setting/kustomization.yaml', { namePrefix: 'k-', resources: ['a.yaml'] })
    .write('setting/a.yaml', configMap('a'));
  await rig.repository.commit();
  expect((await rig.render({ path: 'setting' })).sourceType).toBe('Kustomize');
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: rig.namespace, name: 'argocd-cm' };
  await rig.client.patch(ref, { data: { 'kustomize.enable': 'false' } }, { type: 'merge' });
  await eventually(async () => (await rig.render({ path: 'setting' })).sourceType === 'Directory', {
    what: 'the setting to hold',
  });
  await rig.client.patch(ref, { data: { 'kustomize.enable': null } }, { type: 'merge' });
});

it('answers cheap requests while renders are slow', async () => {
  const slow = '{{ range until 300 }}{{ range until 1000 }}{{ sha256sum "x" | substr 0 0 }}{{ end }}{{ end }}';
  for (const name of ['s1', 's2', 's3', 's4']) {
    rig.repository
      .write(`${name}/Chart.yaml`, { apiVersion: 'v2', name, version: '1.0.0' })
      .write(`${name}/templates/a.yaml`, slow);
  }
  await rig.repository.commit();
  let done = false;
  const renders = Promise.all(['s1', 's2', 's3', 's4'].map((path) => rig.render({ path }))).then(() => {
    done = true;
  });
  await rig.render({ path: 'receipt' });
  expect(done).toBe(false);
  await renders;
});

it('ends when it is told to, and when its parent is gone', async () => {
  const told = await rig.startServer();
  told.child.kill('SIGTERM');
  expect(await told.ended).toBe(0);
  const orphan = await rig.startServer();
  orphan.child.disconnect();
  expect(await orphan.ended).toBe(0);
});
