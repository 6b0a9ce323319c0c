import { dirname } from 'node:path';
import {
  configMap,
  eventually,
  type GitHttpServer,
  type GitRepository,
  gitHttpServer,
  gitRepository,
  type SigningKey,
  signHead,
  signingKey,
} from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

let rig: Rig;
let base: GitRepository;
let server: GitHttpServer;
let key: SigningKey;

beforeAll(async () => {
  [rig, base, key] = await Promise.all([createRig(), gitRepository(), signingKey({ name: 'Jane' })]);
  server = await gitHttpServer({ folder: dirname(base.folder) });
  await base
    .write('b/kustomization.yaml', { resources: ['a.yaml'] })
    .write('b/a.yaml', configMap('a'))
    .commit();
  const keys = { apiVersion: 'v1', kind: 'ConfigMap', namespace: rig.namespace, name: 'argocd-gpg-keys-cm' };
  await rig.client.patch(keys, { data: { [key.id]: key.publicKey } }, { type: 'merge' });
  await rig.startServer();
}, 600_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await base?.[Symbol.asyncDispose]();
});

const verify = () => ({ mode: 'head' as const, keys: [key.id] });

/** Renders a signed commit whose kustomization refers to the base at a revision. */
async function render(ref: string) {
  await rig.repository
    .write('app/kustomization.yaml', { resources: [`${server.repositoryUrl(base)}//b?ref=${ref}`] })
    .commit();
  await signHead(rig.repository, key);
  return rig.render({ path: 'app' }, { verify: verify() });
}

it('a remote base named by a branch has to be signed as the source', async () => {
  await eventually(
    () => expect(render('main')).rejects.toMatchObject({ message: expect.stringContaining('remote base') }),
    { timeoutMs: 30_000, what: 'the key' },
  );
  await expect(render('main')).rejects.toMatchObject({
    code: 'SOURCE_UNVERIFIED',
    hint: expect.stringContaining('full commit id'),
  });
  expect(await rig.render({ path: 'app' })).toMatchObject({ sourceType: 'Kustomize' });
  await expect(rig.render({ path: 'app' }, { verify: verify() })).rejects.toMatchObject({ code: 'SOURCE_UNVERIFIED' });
});

it('the signed commit vouches for one that it names by a full commit id', async () => {
  expect(await render(await base.head())).toMatchObject({ sourceType: 'Kustomize' });
});

it('a signed base may be named by a branch', async () => {
  await signHead(base, key);
  expect(await render('main')).toMatchObject({ sourceType: 'Kustomize' });
});
