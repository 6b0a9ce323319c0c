import { dirname } from 'node:path';
import { manifestSetKey, unpackManifestSet } from '@plumbline/render';
import {
  configMap,
  eventually,
  type GitHttpServer,
  type GitRepository,
  gitHttpServer,
  gitRepository,
} from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

const login = { username: 'reader', password: 'hidden-word' };
let rig: Rig;
let base: GitRepository;
let server: GitHttpServer;
let url: string;

beforeAll(async () => {
  [rig, base] = await Promise.all([createRig(), gitRepository()]);
  server = await gitHttpServer({ folder: dirname(base.folder), ...login });
  url = server.repositoryUrl(base);
  await base
    .write('b/kustomization.yaml', { resources: ['a.yaml'] })
    .write('b/a.yaml', configMap('a'))
    .commit();
  await rig.repository.write('app/kustomization.yaml', { resources: [`${url}//b?ref=main`] }).commit();
  await rig.startServer();
}, 600_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await base?.[Symbol.asyncDispose]();
});

async function rendered(noCache = false) {
  const { receipt, cached } = await rig.render({ path: 'app' }, noCache ? { noCache } : {});
  const packed = await rig.store.sealed.get(manifestSetKey(receipt.digest));
  return { cached, objects: packed ? unpackManifestSet(packed).objects : undefined };
}

it('a remote base needs credentials, which a template for its address gives', async () => {
  await expect(rendered()).rejects.toMatchObject({
    code: 'GIT_AUTHENTICATION',
    message: expect.stringContaining(`kustomization of app: "${url}//b?ref=main"`),
  });
  await rig.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'template',
      namespace: rig.namespace,
      labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
    },
    stringData: { type: 'git', url: `${server.url}/`, ...login },
  });
  const result = await eventually(() => rendered(), { timeoutMs: 30_000, what: 'the credentials' });
  expect(result.objects).toEqual([configMap('a')]);
});

it('is rendered again when its branch moves, and only then', async () => {
  expect(await rendered()).toMatchObject({ cached: true });
  await base.write('b/a.yaml', configMap('moved')).commit();
  expect(await rendered()).toEqual({ cached: false, objects: [configMap('moved')] });
  expect(await rendered()).toMatchObject({ cached: true });
});

it('waits for a remote as long as the reference says', async () => {
  await rig.repository.write('slow/kustomization.yaml', { resources: [`${url}//b?ref=main&timeout=1s`] }).commit();
  server.hang();
  const message = expect.stringMatching(/kustomization of slow: .*did not answer within 1 s/);
  await expect(rig.render({ path: 'slow' })).rejects.toMatchObject({ code: 'GIT_UNREACHABLE', message });
  server.recover();
});

it('fails with the name of the base while its server is away', async () => {
  server.failWith(503);
  await expect(rendered()).rejects.toMatchObject({ message: expect.stringContaining(`"${url}//b?ref=main"`) });
  server.recover();
  expect(await rendered(true)).toMatchObject({ objects: [configMap('moved')] });
});
