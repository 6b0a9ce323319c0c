import { rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deepEqual } from '@plumbline/manifests';
import {
  configMap,
  deployment,
  type GitHttpServer,
  type GitRepository,
  gitHttpServer,
  gitRepository,
} from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bases, bareBuild, openBases } from '../test-support/bases.ts';
import { createRig, type RenderOptions, type Rig } from '../test-support/rig.ts';

const login = { username: 'reader', password: 'hidden-word' };
const header = `Authorization: Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
/** By which git itself logs in, where kustomize clones. */
const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: header };

let rig: Rig;
let base: GitRepository;
let server: GitHttpServer;
let bases: Bases;
let url: string;
let options: RenderOptions;

beforeEach(async () => {
  [rig, base] = await Promise.all([createRig(), gitRepository()]);
  server = await gitHttpServer({ folder: dirname(base.folder), ...login });
  bases = openBases(rig, (at) => ({ url: at, ...login }));
  url = server.repositoryUrl(base);
  options = { source: { path: 'app' }, surroundings: { bases } };
  base
    .write('common/kustomization.yaml', { resources: ['web.yaml'], commonLabels: { from: 'common' } })
    .write('common/web.yaml', deployment('web', 'example/app:1'))
    .write('overlay/kustomization.yaml', {
      resources: ['../common'],
      namePrefix: 'pre-',
      configMapGenerator: [{ name: 'c', files: ['settings.conf'] }],
    })
    .write('overlay/settings.conf', 'a = 1\n')
    .write('part/kustomization.yaml', {
      apiVersion: 'kustomize.config.k8s.io/v1alpha1',
      kind: 'Component',
      commonAnnotations: { part: 'remote' },
    });
  await base.commit();
  await base.tag('v1');
});
afterEach(async () => {
  await bases[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await base[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const write = async (kustomization: object) => {
  rig.repository.write('app/kustomization.yaml', { ...kustomization });
  await rig.repository.commit();
};

describe('agreement with the tool', () => {
  it.each([
    ['//overlay?ref=v1', {}],
    ['/overlay', {}],
    ['//overlay/?ref=main&timeout=60s', { nameSuffix: '-x', images: [{ name: 'example/app', newTag: '2' }] }],
    ['//overlay?version=v1&submodules=false', { patches: [{ path: 'patch.yaml', target: { kind: 'Deployment' } }] }],
  ])('holds for a base at %s', async (reference, more) => {
    rig.repository.write('app/patch.yaml', '- op: replace\n  path: /spec/replicas\n  value: 7\n');
    rig.repository.write('app/own.yaml', configMap('own'));
    await write({ resources: ['own.yaml', `${url}${reference}`], ...more });
    const { list } = await rig.render(options);
    expect(list.length).toBe(3);
    expect(deepEqual(list, await bareBuild(rig, 'app', { env }))).toBe(true);
  });

  it('holds for remote components, and for remote bases of local and of remote bases', async () => {
    base.write('deep/kustomization.yaml', { resources: [`${url}//overlay?ref=v1`, 'more.yaml'] });
    base.write('deep/more.yaml', configMap('more'));
    await base.commit();
    rig.repository.write('local/kustomization.yaml', { resources: [`${url}//deep?ref=main`] });
    await write({ resources: ['../local'], components: [`${url}//part?ref=v1`], namespace: 'n' });
    const { list } = await rig.render(options);
    expect(deepEqual(list, await bareBuild(rig, 'app', { env }))).toBe(true);
    expect(list.map((object) => object.metadata.annotations?.['part'])).toEqual(['remote', 'remote', 'remote']);
  });

  it.each(['?ref=main', ''])('holds for annotations that tell where objects come from, with "%s"', async (query) => {
    base.write('overlay/transformer.yaml', {
      apiVersion: 'builtin',
      kind: 'PrefixTransformer',
      metadata: { name: 'p' },
      prefix: 'q-',
      fieldSpecs: [{ path: 'metadata/name' }],
    });
    base.write('overlay/kustomization.yaml', {
      resources: ['../common'],
      transformers: ['transformer.yaml'],
      configMapGenerator: [{ name: 'c', files: ['settings.conf'] }],
    });
    await base.commit();
    rig.repository.write('app/own.yaml', configMap('own'));
    const buildMetadata = ['originAnnotations', 'transformerAnnotations'];
    await write({ resources: ['own.yaml', `${url}//overlay${query}`], buildMetadata, nameSuffix: '-x' });
    const { list } = await rig.render(options);
    expect(list).toEqual(await bareBuild(rig, 'app', { env }));
  });

  it('holds for components and patches of the Application', async () => {
    await write({ resources: [`${url}//common`] });
    const kustomize = { components: [`${url}//part?ref=v1`], nameSuffix: '-y' };
    const { list } = await rig.render({ ...options, source: { path: 'app', kustomize } });
    await write({ resources: [`${url}//common`], ...kustomize });
    expect(deepEqual(list, await bareBuild(rig, 'app', { env }))).toBe(true);
  });
});

describe('what is asked of a remote', () => {
  it('is asked by the trace: the tool asks nothing', async () => {
    await write({ resources: [`${url}//overlay?ref=v1`] });
    const { traced } = await rig.render(options);
    expect(traced.momentary).toBe(true);
    server.failWith(500);
    const { commit, mirror, context } = await rig.open(options);
    const { objects } = await rig.renderer.render(mirror, commit, traced, context, { surroundings: { bases } });
    expect(objects.length).toBe(2);
  });

  it('a moved branch gives another digest, a tag that stays the same', async () => {
    await write({ resources: [`${url}//common?ref=main`] });
    const before = await rig.trace(options);
    base.write('common/web.yaml', deployment('web', 'example/app:2'));
    await base.commit();
    const after = await rig.render(options);
    expect(after.traced.digest).not.toBe(before.digest);
    expect(JSON.stringify(after.list)).toContain('example/app:2');
    expect((await rig.trace(options)).digest).toBe(after.traced.digest);
  });

  it('renders what was traced, though the branch has moved since', async () => {
    await write({ resources: [`${url}//common?ref=main`] });
    const traced = await rig.trace(options);
    base.write('common/web.yaml', deployment('web', 'example/app:2'));
    await base.commit();
    const { commit, mirror, context } = await rig.open(options);
    const { objects } = await rig.renderer.render(mirror, commit, traced, context, { surroundings: { bases } });
    expect(JSON.stringify(objects)).toContain('example/app:1');
  });

  it('leaves the own repository alone: only the files that are read are inputs', async () => {
    rig.repository.write('unrelated.yaml', configMap('x'));
    await write({ resources: [`${url}//common?ref=v1`] });
    const inputs = await rig.inputs(options);
    expect(inputs).toContain('app/kustomization.yaml');
    expect(inputs).not.toContain('');
  });
});

describe('errors', () => {
  const failure = async (reference: string, more: RenderOptions = {}) => {
    await write({ resources: [reference] });
    return rig.render({ ...options, ...more }).then(
      () => expect.unreachable(),
      (error: Error) => error,
    );
  };

  it('name the kustomization and the reference, and never a password', async () => {
    const denied = openBases(rig, (at) => ({ url: at, username: 'reader', password: 'other-word' }));
    await using _closed = denied;
    const withUser = url.replace('http://', 'http://reader:other-word@');
    const error = await failure(`${withUser}//common`, { surroundings: { bases: denied } });
    expect(error).toMatchObject({ code: 'GIT_AUTHENTICATION' });
    expect(error.message).toContain(`kustomization of app: "${url}//common"`);
    expect(JSON.stringify(error)).not.toContain('other-word');
  });

  it.each([
    ['//common?ref=gone', /"http.*common\?ref=gone".*gone/],
    ['//gone?ref=v1', /gone does not exist in http/],
    ['//common/web.yaml?ref=v1', /common\/web\.yaml is no folder/],
  ])('say what is wrong with %s', async (reference, message) => {
    expect((await failure(`${url}${reference}`)).message).toMatch(message);
  });

  it('show the address where the tool would show a folder of this machine', async () => {
    base.write('bad/kustomization.yaml', { resources: ['not-there.yaml'] });
    const commit = await base.commit();
    const { message } = await failure(`${url}//bad`);
    expect(message).toContain(`${url} (${commit.slice(0, 12)}) bad`);
    expect(message).not.toMatch(/scratch|remote\/[0-9a-f]{16}/);
  });

  it.each(['../../x', '/etc', 'file:///srv/x'])('refuse %s in a remote base', async (reference) => {
    base.write('bad/kustomization.yaml', { resources: [reference] });
    await base.commit();
    expect(await failure(`${url}//bad`)).toMatchObject({ code: 'RENDER_PATH_OUTSIDE' });
  });

  it('refuse a symlink that leaves a remote base', async () => {
    await rm(`${base.folder}/common/web.yaml`);
    await symlink('/etc/hostname', `${base.folder}/common/web.yaml`);
    await base.commit();
    expect(await failure(`${url}//common`)).toMatchObject({ code: 'RENDER_SYMLINK' });
  });

  it.each(['http://169.254.169.254/org/repo//x', 'git@169.254.169.254:org/repo', 'http://2852039166/a/b?ref=x'])(
    'refuse %s before anything is asked',
    async (reference) => {
      expect(await failure(reference)).toMatchObject({ code: 'DOWNLOAD_FORBIDDEN' });
    },
  );
});
