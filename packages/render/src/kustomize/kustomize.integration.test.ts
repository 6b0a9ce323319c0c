import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deepEqual, type KubeObject, parseManifests } from '@plumbline/manifests';
import { configMap, deployment, type GitRepository, service } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, type Rendered, type Rig } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const withOptions = (kustomize: object, path = '.') => ({ source: { path, kustomize } });

async function tree(repository: GitRepository, extra: object = {}, path = '.'): Promise<void> {
  repository.write(`${path}/all.yaml`, [
    deployment('web', 'example/app:1'),
    service('web'),
    configMap('settings', { mode: 'plain' }),
  ]);
  repository.write(`${path}/kustomization.yaml`, { resources: ['all.yaml'], ...extra });
  await repository.commit();
}

function image(rendered: Rendered, key = 'Deployment/web'): unknown {
  const spec = rendered.objects[key]?.['spec'] as
    | { template: { spec: { containers: { image: string }[] } } }
    | undefined;
  return spec?.template.spec.containers[0]?.image;
}

function member(object: KubeObject | undefined, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

describe('images', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it.each([
    ['example/app:2', 'example/app:2'],
    ['example/app=registry.test:5000/other/app', 'registry.test:5000/other/app:1'],
    ['example/app=other/app:3', 'other/app:3'],
    [`example/app@${digest}`, `example/app@${digest}`],
    [`example/app=other/app@${digest}`, `other/app@${digest}`],
    ['unrelated/app:9', 'example/app:1'],
    ['example/app:$ARGOCD_APP_NAME', 'example/app:guestbook'],
  ])('an override %s gives %s', async (override, expected) => {
    await tree(rig.repository);
    expect(image(await rig.render(withOptions({ images: [override] })))).toBe(expected);
  });

  it('an override wins over the one in the kustomization', async () => {
    await tree(rig.repository, { images: [{ name: 'example/app', newTag: 'from-git' }] });
    expect(image(await rig.render(withOptions({ images: ['example/app:from-app'] })))).toBe('example/app:from-app');
  });
});

describe('options', () => {
  it('set names, replicas and the namespace', async () => {
    await tree(rig.repository, { namePrefix: 'own-' });
    const options = {
      namePrefix: 'pre-',
      nameSuffix: '-post',
      namespace: 'elsewhere',
      replicas: [{ name: 'web', count: '4' }],
    };
    const { objects } = await rig.render(withOptions(options));
    expect(member(objects['Deployment/pre-web-post'], 'spec.replicas')).toBe(4);
    expect(objects['Deployment/pre-web-post']?.metadata.namespace).toBe('elsewhere');
  });

  it('refuse a replica count that is no number', async () => {
    await tree(rig.repository);
    await expect(rig.render(withOptions({ replicas: [{ name: 'web', count: 'many' }] }))).rejects.toThrow(
      /count "many" of web/,
    );
  });

  it('put labels into metadata only, into templates, or everywhere', async () => {
    await tree(rig.repository);
    const team = { commonLabels: { team: 'blue' } };
    const selector = 'spec.selector.matchLabels.team';
    const template = 'spec.template.metadata.labels.team';
    const of = async (options: object) =>
      (await rig.render(withOptions({ ...team, ...options }))).objects['Deployment/web'];
    const everywhere = await of({});
    const metadataOnly = await of({ labelWithoutSelector: true });
    const templates = await of({ labelWithoutSelector: true, labelIncludeTemplates: true });
    expect([everywhere, metadataOnly, templates].map((object) => object?.metadata.labels?.['team'])).toEqual([
      'blue',
      'blue',
      'blue',
    ]);
    expect([everywhere, metadataOnly, templates].map((object) => member(object, selector))).toEqual([
      'blue',
      undefined,
      undefined,
    ]);
    expect([everywhere, metadataOnly, templates].map((object) => member(object, template))).toEqual([
      'blue',
      undefined,
      'blue',
    ]);
  });

  it('replace annotations of the kustomization only by force', async () => {
    await tree(rig.repository, { commonAnnotations: { owner: 'own' } });
    const options = { commonAnnotations: { owner: 'blue' } };
    await expect(rig.render(withOptions(options))).rejects.toThrow(/annotation owner already in kustomization file/);
    const { objects } = await rig.render(withOptions({ ...options, forceCommonAnnotations: true }));
    expect(objects['Service/web']?.metadata.annotations).toEqual({ owner: 'blue' });
  });

  it('put the build environment into annotations only when asked', async () => {
    await tree(rig.repository);
    const options = { commonAnnotations: { app: '${ARGOCD_APP_NAME}' } };
    const literal = await rig.render(withOptions(options));
    const substituted = await rig.render(withOptions({ ...options, commonAnnotationsEnvsubst: true }));
    expect(literal.objects['Service/web']?.metadata.annotations?.['app']).toBe('${ARGOCD_APP_NAME}');
    expect(substituted.objects['Service/web']?.metadata.annotations?.['app']).toBe('guestbook');
  });

  it('append patches after those of the kustomization, inline or from a file', async () => {
    const replicas = (value: number) => `- op: replace\n  path: /spec/replicas\n  value: ${value}\n`;
    const target = { kind: 'Deployment' };
    rig.repository.write('seven.yaml', replicas(7));
    await tree(rig.repository, { patches: [{ patch: replicas(2), target }] });
    const inline = await rig.render(withOptions({ patches: [{ patch: replicas(3), target }] }));
    const file = await rig.render(withOptions({ patches: [{ path: 'seven.yaml', target }] }));
    expect(member(inline.objects['Deployment/web'], 'spec.replicas')).toBe(3);
    expect(member(file.objects['Deployment/web'], 'spec.replicas')).toBe(7);
  });

  it('let a patch change name and kind', async () => {
    await tree(rig.repository);
    const patch =
      '- op: replace\n  path: /metadata/name\n  value: renamed\n- op: replace\n  path: /kind\n  value: StatefulSet\n';
    const options = { allowNameChange: true, allowKindChange: true };
    const { objects } = await rig.render(
      withOptions({ patches: [{ patch, target: { kind: 'Deployment' }, options }] }),
    );
    expect(Object.keys(objects)).toContain('StatefulSet/renamed');
  });

  it('add components relative to the source path, and skip missing ones when told to', async () => {
    for (const [path, key] of [
      ['components/one', 'one'],
      ['app/two', 'two'],
    ] as const) {
      const patch = `- op: add\n  path: /data/${key}\n  value: 'on'\n`;
      const component = {
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
        patches: [{ patch, target: { kind: 'ConfigMap' } }],
      };
      rig.repository.write(`${path}/kustomization.yaml`, component);
    }
    await tree(rig.repository, {}, 'app');
    const components = ['../components/one', 'two'];
    const { objects } = await rig.render(withOptions({ components }, 'app'));
    expect(objects['ConfigMap/settings']?.['data']).toEqual({ mode: 'plain', one: 'on', two: 'on' });
    await expect(rig.render(withOptions({ components: ['three'] }, 'app'))).rejects.toThrow(/three/);
    const skipped = await rig.render(
      withOptions({ components: ['two', 'three'], ignoreMissingComponents: true }, 'app'),
    );
    expect(skipped.objects['ConfigMap/settings']?.['data']).toEqual({ mode: 'plain', two: 'on' });
  });

  it('refuse an unknown version of kustomize by name', async () => {
    await tree(rig.repository);
    await expect(rig.render(withOptions({ version: 'v0.0.1-unknown' }))).rejects.toThrow(/v0\.0\.1-unknown/);
  });

  it('never reach another render of the same commit at the same time', async () => {
    await tree(rig.repository);
    const prefixes = Array.from({ length: 6 }, (_, index) => (index === 0 ? '' : `n${index}-`));
    const renders = await Promise.all(
      prefixes.map((namePrefix) => rig.render(namePrefix ? withOptions({ namePrefix }) : {})),
    );
    expect(renders.map(({ objects }) => Object.keys(objects).sort())).toEqual(
      prefixes.map((prefix) => [`ConfigMap/${prefix}settings`, `Deployment/${prefix}web`, `Service/${prefix}web`]),
    );
  });
});

describe('agreement with the tool', () => {
  const run = promisify(execFile);

  it('holds for a wide kustomization', async () => {
    const { repository } = rig;
    await tree(repository, {}, 'base');
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
    await tree(repository, {
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
    const { list } = await rig.render(withOptions(kustomize));
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

  it('are the whole repository where a remote base or a chart is used', async () => {
    rig.repository.write('a/kustomization.yaml', { resources: ['https://git.example/x//y?ref=v1'] });
    rig.repository.write('b/kustomization.yaml', { helmCharts: [{ name: 'c' }] });
    await rig.repository.commit();
    expect(await rig.inputs({ source: { path: 'a' } })).toEqual(['']);
    expect(await rig.inputs({ source: { path: 'b' } })).toEqual(['']);
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
