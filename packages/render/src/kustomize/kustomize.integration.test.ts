import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deepEqual, parseManifests } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withKustomize, writeTree } from '../test-support/kustomization.ts';
import { createRig, type Rig } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

describe('agreement with the tool', () => {
  const run = promisify(execFile);

  it('holds for a wide kustomization', async () => {
    const { repository } = rig;
    await writeTree(rig, {}, 'base');
    repository.write('o/env.txt', 'A=1\nB=two words\n').write('o/file.conf', 'line one\nline two\n');
    repository.write('o/merge.yaml', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { paused: true },
    });
    repository.write('o/kustomization.yaml', {
      resources: ['../base'],
      namespace: 'wide',
      namePrefix: 'w-',
      configMapGenerator: [
        { name: 'files', files: ['file.conf', 'renamed=file.conf'] },
        { name: 'env', envs: ['env.txt'] },
        { name: 'settings', behavior: 'merge', literals: ['extra=1'] },
      ],
      patches: [{ path: 'merge.yaml' }],
    });
    await repository.commit();
    const { list } = await rig.render({ source: { path: 'o' } });
    const { stdout } = await run(rig.tools.kustomize, ['build', join(repository.folder, 'o')]);
    const expected = parseManifests(stdout, { file: 'kustomize', strict: true }).objects;
    expect(deepEqual(list, expected)).toBe(true);
  });

  it('holds between own edits and `kustomize edit`', async () => {
    const { repository } = rig;
    await writeTree(rig, {
      images: [
        { name: 'zeta', newTag: '1' },
        { name: 'example/app', newName: 'kept/name', newTag: '1' },
      ],
      replicas: [{ name: 'web', count: 2 }],
      labels: [{ pairs: { old: 'label' } }],
    });
    const kustomize = {
      images: ['example/app=*:9'],
      replicas: [{ name: 'web', count: 3 }],
      commonLabels: { team: 'blue' },
      labelWithoutSelector: true,
      nameSuffix: '-x',
    };
    const { list } = await rig.render(withKustomize(kustomize));
    const edit = (...args: string[]) => run(rig.tools.kustomize, ['edit', ...args], { cwd: repository.folder });
    await edit('set', 'namesuffix', '--', '-x');
    await edit('set', 'image', 'example/app=*:9');
    await edit('set', 'replicas', 'web=3');
    await edit('add', 'label', '--without-selector', 'team:blue');
    const { stdout } = await run(rig.tools.kustomize, ['build', repository.folder]);
    expect(deepEqual(list, parseManifests(stdout, { file: 'kustomize', strict: true }).objects)).toBe(true);
  });
});

describe('errors', () => {
  it('carry what the tool says, with paths of the repository', async () => {
    rig.repository.write('app/kustomization.yaml', { resources: ['not-there.yaml'] });
    await rig.repository.commit();
    const failure = rig.render({ source: { path: 'app' } });
    await expect(failure).rejects.toThrow(/kustomize build app: .*not-there\.yaml/);
    await expect(failure).rejects.toThrow(/^(?!.*plumbline-render)/s);
  });

  it('name an unknown field', async () => {
    rig.repository.write('kustomization.yaml', { resourcez: ['a.yaml'] });
    await rig.repository.commit();
    await expect(rig.render()).rejects.toThrow(/resourcez/);
  });

  it('refuse a file outside the kustomization root', async () => {
    rig.repository
      .write('secret.yaml', configMap('a'))
      .write('app/kustomization.yaml', { resources: ['../secret.yaml'] });
    await rig.repository.commit();
    await expect(rig.render({ source: { path: 'app' } })).rejects.toThrow(/secret\.yaml/);
    const settings = { kustomizeBuildOptions: ['--load-restrictor', 'LoadRestrictionsNone'] };
    const { objects } = await rig.render({ source: { path: 'app' }, settings });
    expect(Object.keys(objects)).toEqual(['ConfigMap/a']);
  });

  it.each(['/etc/hostname', '../../../../../../etc/hostname'])(
    'refuse %s, whatever the build options',
    async (path) => {
      rig.repository.write('app/kustomization.yaml', { configMapGenerator: [{ name: 'a', files: [`x=${path}`] }] });
      await rig.repository.commit();
      const settings = { kustomizeBuildOptions: ['--load-restrictor', 'LoadRestrictionsNone'] };
      await expect(rig.render({ source: { path: 'app' }, settings })).rejects.toThrow(/outside the repository/);
    },
  );
});

it.each(['file:///etc', 'git::file:///srv/other', '/srv/other.git', '../../other.git?ref=main'])(
  'a base %s on this machine is refused',
  async (base) => {
    rig.repository.write('app/kustomization.yaml', { resources: [base] });
    await rig.repository.commit();
    await expect(rig.render({ source: { path: 'app' } })).rejects.toThrow(/outside the repository/);
  },
);

describe('inputs', () => {
  it('are the files of all kustomizations below, and look-ups that found nothing', async () => {
    rig.repository
      .write('base/kustomization.yaml', {
        resources: ['a.yaml'],
        configMapGenerator: [{ name: 'c', files: ['k=file.txt'] }],
      })
      .write('base/a.yaml', configMap('a'))
      .write('base/file.txt', 'x')
      .write('base/unused.yaml', configMap('unused'))
      .write('over/kustomization.yaml', { resources: ['../base', 'gone.yaml'] });
    await rig.repository.commit();
    expect(await rig.inputs({ source: { path: 'over' } })).toEqual([
      '!base/Kustomization',
      'base/a.yaml',
      'base/file.txt',
      'base/kustomization.yaml',
      '!base/kustomization.yml',
      '!over/Kustomization',
      '!over/gone.yaml',
      'over/kustomization.yaml',
      '!over/kustomization.yml',
    ]);
  });

  it('render local charts when the build options allow it', async () => {
    rig.repository
      .write('charts/c/Chart.yaml', { apiVersion: 'v2', name: 'c', version: '1.0.0' })
      .write('charts/c/values.yaml', 'a: 1\n')
      .write('charts/c/templates/a.yaml', configMap('from-chart'))
      .write('kustomization.yaml', { helmCharts: [{ name: 'c', releaseName: 'r' }] });
    await rig.repository.commit();
    const { objects } = await rig.render({ settings: { kustomizeBuildOptions: ['--enable-helm'] } });
    expect(Object.keys(objects)).toEqual(['ConfigMap/from-chart']);
  });
});

it('options are never dropped in silence because the file cannot be read', async () => {
  rig.repository.write('kustomization.yaml', 'resources: [a.yaml\n').write('a.yaml', configMap('a'));
  await rig.repository.commit();
  await expect(rig.render(withKustomize({ namePrefix: 'x-' }))).rejects.toThrow(/kustomization\.yaml/);
});

it.each([
  ['duplicate keys', 'resources: [gone.yaml]\nresources: [a.yaml]\nnamePrefix: x-\n'],
  ['several documents', 'resources: [a.yaml]\nnamePrefix: x-\n---\nnamePrefix: y-\n'],
])('%s in a kustomization are read as the tool reads them', async (_name, text) => {
  rig.repository.write('kustomization.yaml', text).write('a.yaml', configMap('a'));
  await rig.repository.commit();
  const plain = await rig.render();
  const { stdout } = await promisify(execFile)(rig.tools.kustomize, ['build', rig.repository.folder]);
  expect(plain.list).toEqual(parseManifests(stdout, { file: 'kustomize', strict: true }).objects);
  const edited = await rig.render(withKustomize({ nameSuffix: '-z' }));
  expect(Object.keys(edited.objects)).toEqual(['ConfigMap/x-a-z']);
});
