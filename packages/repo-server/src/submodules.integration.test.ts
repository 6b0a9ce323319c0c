import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSetKey, unpackManifestSet } from '@plumbline/render';
import { configMap, type GitRepository, gitRepository } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

let rig: Rig;
let inner: GitRepository;

beforeAll(async () => {
  rig = await createRig();
  inner = await gitRepository();
  await rig.startServer();
}, 600_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await inner?.[Symbol.asyncDispose]();
});

/** Records the inner repository's head as the submodule `libs/sub` of the outer one. */
async function record(): Promise<void> {
  const { git } = rig.repository;
  await git('config', '-f', '.gitmodules', 'submodule.sub.path', 'libs/sub');
  await git('config', '-f', '.gitmodules', 'submodule.sub.url', inner.url);
  await git('add', '.gitmodules');
  await git('update-index', '--add', '--cacheinfo', `160000,${await inner.head()},libs/sub`);
  await git('commit', '-q', '-m', 'submodule');
}

async function rendered(path: string) {
  const { receipt, cached } = await rig.render({ path });
  const packed = await rig.store.sealed.get(manifestSetKey(receipt.digest));
  return { cached, objects: packed ? unpackManifestSet(packed).objects : undefined };
}

it('renders a folder of a submodule, and a kustomization that names one, again when the submodule moved', async () => {
  await inner
    .write('app/a.yaml', configMap('a'))
    .write('app/kustomization.yaml', { resources: ['a.yaml'] })
    .commit();
  rig.repository.write('overlay/kustomization.yaml', { resources: ['../libs/sub/app'] });
  await rig.repository.commit();
  await record();
  expect((await rendered('libs/sub/app')).objects).toEqual([configMap('a')]);
  expect((await rendered('overlay')).objects).toEqual([configMap('a')]);
  await inner.write('app/a.yaml', configMap('b')).commit();
  expect(await rendered('overlay')).toMatchObject({ cached: true, objects: [configMap('a')] });
  await record();
  expect(await rendered('overlay')).toEqual({ cached: false, objects: [configMap('b')] });
});

it('refuses a symlink in a submodule that leaves the repository, where it is read', async () => {
  inner.write('bad/kustomization.yaml', { resources: ['a.yaml'] }).write('good/a.yaml', configMap('good'));
  symlinkSync('../../../../../../etc/hostname', join(inner.folder, 'bad/a.yaml'));
  await inner.commit();
  await record();
  await expect(rig.render({ path: 'libs/sub/bad' })).rejects.toMatchObject({ code: 'RENDER_SYMLINK' });
  expect((await rendered('libs/sub/good')).objects).toEqual([configMap('good')]);
});
