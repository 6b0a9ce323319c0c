import { PlumblineError } from '@plumbline/errors';
import { deepEqual, toYaml } from '@plumbline/manifests';
import { configMap, deployment } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareBuild } from '../test-support/bases.ts';
import { type ChartServer, chartServer } from '../test-support/chart-server.ts';
import { createRig, type Rig } from '../test-support/rig.ts';
import { createRemoteFiles } from './remote-files.ts';

let rig: Rig;
let server: ChartServer;
beforeEach(async () => {
  [rig, server] = await Promise.all([createRig(), chartServer()]);
  const serve = (path: string, content: string) => server.files.set(path, Buffer.from(content));
  serve('/web.yaml', toYaml(deployment('web', 'example/app:1')));
  serve('/maps/all.yaml?version=2', toYaml(configMap('maps')));
  serve('/patch.yaml', '- op: replace\n  path: /spec/replicas\n  value: 7\n');
  serve(
    '/merge.yaml',
    toYaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'maps' }, data: { more: 'x' } }),
  );
  serve('/settings.conf', 'a = 1\n');
  serve('/vars.env', 'B=2\n');
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const write = async (kustomization: object) => {
  rig.repository.write('app/kustomization.yaml', { ...kustomization });
  await rig.repository.commit();
};
const options = { source: { path: 'app' } };

it('wherever kustomize takes files by URL, it gets them from here and gives the same', async () => {
  await write({
    resources: [`${server.url}/web.yaml`, `${server.url}/maps/all.yaml?version=2`],
    patches: [{ path: `${server.url}/patch.yaml`, target: { kind: 'Deployment' } }],
    patchesStrategicMerge: [`${server.url}/merge.yaml`],
    configMapGenerator: [
      { name: 'files', files: [`${server.url}/settings.conf`, `other=${server.url}/settings.conf`] },
      { name: 'env', envs: [`${server.url}/vars.env`] },
    ],
  });
  const expected = await bareBuild(rig, 'app');
  const { traced, list } = await rig.render(options);
  expect(list.length).toBe(4);
  expect(deepEqual(list, expected)).toBe(true);
  expect(traced.momentary).toBe(true);
  const asked = server.log.length;
  const { commit, mirror, context } = await rig.open(options);
  await rig.renderer.render(mirror, commit, traced, context, {});
  expect(server.log.length).toBe(asked);
});

it('patches of the Application may be files by URL', async () => {
  await write({ resources: [`${server.url}/web.yaml`] });
  const patches = [{ path: `${server.url}/patch.yaml`, target: { kind: 'Deployment' } }];
  const { objects } = await rig.render({ source: { path: 'app', kustomize: { patches } } });
  expect(objects['Deployment/web']?.['spec']).toMatchObject({ replicas: 7 });
});

it('a changed file is seen, at once on a hard refresh', async () => {
  await write({ resources: [`${server.url}/web.yaml`] });
  const before = await rig.trace(options);
  server.files.set('/web.yaml', Buffer.from(toYaml(deployment('web', 'example/app:2'))));
  expect((await rig.trace(options)).digest).toBe(before.digest);
  const after = await rig.render({ ...options, surroundings: { fresh: true } });
  expect(after.traced.digest).not.toBe(before.digest);
  expect(JSON.stringify(after.list)).toContain('example/app:2');
});

describe('asking the server', () => {
  it('is done once a minute for all that refer to the file, and by its tag', async () => {
    let now = 0;
    const files = createRemoteFiles(() => now);
    const url = `${server.url}/web.yaml`;
    const first = await files.get(url, { fresh: false });
    now = 59_000;
    await files.get(url, { fresh: false });
    expect(server.log).toEqual(['GET /web.yaml 200']);
    now = 61_000;
    expect(await files.get(url, { fresh: false })).toMatchObject({ digest: first.digest, body: first.body });
    expect(server.log).toEqual(['GET /web.yaml 200', 'GET /web.yaml 304']);
  });

  it('gives no other content than the one asked for by its digest', async () => {
    const files = createRemoteFiles();
    const url = `${server.url}/web.yaml`;
    expect(await files.read(url, '0'.repeat(64))).toBeUndefined();
    const { digest, body } = await files.get(url, { fresh: false });
    expect(await createRemoteFiles().read(url, digest)).toEqual(body);
  });
});

it.each([
  [
    '/gone.yaml',
    { code: 'DOWNLOAD_NOT_FOUND', message: expect.stringMatching(/kustomization of app: ".*\/gone\.yaml"/) },
  ],
])('an error names the kustomization and %s', async (path, error) => {
  await write({ resources: [`${server.url}${path}`] });
  await expect(rig.render(options)).rejects.toThrow(expect.objectContaining(error));
});

it('a web page is no manifest, and the words of Git are told where it was asked first', async () => {
  server.files.set('/org/repo', Buffer.from('<!DOCTYPE html><title>Sign in</title>'));
  const bases = {
    resolve: () => Promise.reject(new PlumblineError('GIT_AUTHENTICATION', 'Git says no')),
    open: () => Promise.reject(new Error('not asked')),
  };
  await write({ resources: [`${server.url}/page.yaml`, `${server.url}/org/repo`] });
  server.files.set('/page.yaml', Buffer.from('<!DOCTYPE html><title>Sign in</title>'));
  await expect(rig.render({ ...options, surroundings: { bases } })).rejects.toThrow(
    /page\.yaml answered with a web page/,
  );
  await write({ resources: [`${server.url}/org/repo`] });
  await expect(rig.render({ ...options, surroundings: { bases } })).rejects.toThrow(
    /org\/repo" cannot be had: Git says no/,
  );
});

it('a builtin plugin cannot make kustomize itself read a URL', async () => {
  const config = {
    apiVersion: 'builtin',
    kind: 'PatchTransformer',
    metadata: { name: 'p' },
    path: `${server.url}/patch.yaml`,
  };
  rig.repository.write('app/transformer.yaml', { ...config, target: { kind: 'Deployment' } });
  rig.repository.write('app/web.yaml', deployment('web', 'example/app:1'));
  await write({ resources: ['web.yaml'], transformers: ['transformer.yaml'] });
  await expect(rig.render(options)).rejects.toThrow(/kustomization of app: a builtin plugin reads a remote file/);
  expect(server.log).toEqual([]);
});
