import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSetKey, unpackManifestSet } from '@plumbline/render';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

const content = 'a large file\n';
const digest = createHash('sha256').update(content).digest('hex');
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize ${content.length}\n`;
let rig: Rig;

beforeAll(async () => {
  rig = await createRig();
  await rig.startServer();
}, 600_000);
afterAll(() => rig?.[Symbol.asyncDispose]());

/** What the ConfigMap of the kustomization has, and the key under which that is kept. */
async function rendered(revision: string) {
  const { receipt, cached } = await rig.render({ path: 'app' }, { revision });
  const packed = await rig.store.sealed.get(manifestSetKey(receipt.digest));
  const [object] = packed ? unpackManifestSet(packed).objects : [];
  return { digest: receipt.digest, cached, data: (object?.['data'] as Record<string, string>)?.['data.txt'] };
}

it('the same commit with and without LFS is never one entry, in whatever order they come', async () => {
  const folder = join(rig.repository.folder, '.git/lfs/objects', digest.slice(0, 2), digest.slice(2, 4));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, digest), content);
  const generator = { configMapGenerator: [{ name: 'a', files: ['data.txt'] }] };
  rig.repository.write('app/kustomization.yaml', generator).write('app/data.txt', pointer);
  const revision = await rig.repository.commit();
  const without = await rendered(revision);
  expect(without.data).toBe(pointer);

  const labels = { 'argocd.argoproj.io/secret-type': 'repository' };
  const metadata = { name: 'lfs', namespace: rig.namespace, labels };
  const stringData = { type: 'git', url: rig.repository.url, enableLfs: 'true' };
  await rig.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
  await eventually(async () => (await rendered(revision)).data === content, { what: 'the file of LFS' });
  const withLfs = await rendered(revision);
  expect(withLfs.digest).not.toBe(without.digest);

  await rig.client.delete(
    { apiVersion: 'v1', kind: 'Secret', namespace: rig.namespace, name: 'lfs' },
    { propagationPolicy: 'Background' },
  );
  await eventually(async () => (await rendered(revision)).data === pointer, { what: 'the pointer' });
  expect(await rendered(revision)).toEqual({ ...without, cached: true });
}, 60_000);
