import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageOf, member, withKustomize, writeTree } from '../test-support/kustomization.ts';
import { createRig, type Rig, variable } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

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
    await writeTree(rig);
    expect(imageOf(await rig.render(withKustomize({ images: [override] })))).toBe(expected);
  });

  it('an override wins over the one in the kustomization', async () => {
    await writeTree(rig, { images: [{ name: 'example/app', newTag: 'from-git' }] });
    expect(imageOf(await rig.render(withKustomize({ images: ['example/app:from-app'] })))).toBe('example/app:from-app');
  });
});

describe('options', () => {
  it('set names, replicas and the namespace', async () => {
    await writeTree(rig, { namePrefix: 'own-' });
    const options = {
      namePrefix: 'pre-',
      nameSuffix: '-post',
      namespace: 'elsewhere',
      replicas: [{ name: 'web', count: '4' }],
    };
    const { objects } = await rig.render(withKustomize(options));
    expect(member(objects['Deployment/pre-web-post'], 'spec.replicas')).toBe(4);
    expect(objects['Deployment/pre-web-post']?.metadata.namespace).toBe('elsewhere');
  });

  it('refuse a replica count that is no number', async () => {
    await writeTree(rig);
    await expect(rig.render(withKustomize({ replicas: [{ name: 'web', count: 'many' }] }))).rejects.toThrow(
      /count "many" of web/,
    );
  });

  it('put labels into metadata only, into templates, or everywhere', async () => {
    await writeTree(rig);
    const team = { commonLabels: { team: 'blue' } };
    const selector = 'spec.selector.matchLabels.team';
    const template = 'spec.template.metadata.labels.team';
    const of = async (options: object) =>
      (await rig.render(withKustomize({ ...team, ...options }))).objects['Deployment/web'];
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
    await writeTree(rig, { commonAnnotations: { owner: 'own' } });
    const options = { commonAnnotations: { owner: 'blue' } };
    await expect(rig.render(withKustomize(options))).rejects.toThrow(/annotation owner already in kustomization file/);
    const { objects } = await rig.render(withKustomize({ ...options, forceCommonAnnotations: true }));
    expect(objects['Service/web']?.metadata.annotations).toEqual({ owner: 'blue' });
  });

  it('put the build environment into annotations only when asked', async () => {
    await writeTree(rig);
    const options = { commonAnnotations: { app: variable('ARGOCD_APP_NAME') } };
    const literal = await rig.render(withKustomize(options));
    const substituted = await rig.render(withKustomize({ ...options, commonAnnotationsEnvsubst: true }));
    expect(literal.objects['Service/web']?.metadata.annotations?.['app']).toBe(variable('ARGOCD_APP_NAME'));
    expect(substituted.objects['Service/web']?.metadata.annotations?.['app']).toBe('guestbook');
  });

  it('append patches after those of the kustomization, inline or from a file', async () => {
    const replicas = (value: number) => `- op: replace\n  path: /spec/replicas\n  value: ${value}\n`;
    const target = { kind: 'Deployment' };
    rig.repository.write('seven.yaml', replicas(7));
    await writeTree(rig, { patches: [{ patch: replicas(2), target }] });
    const inline = await rig.render(withKustomize({ patches: [{ patch: replicas(3), target }] }));
    const file = await rig.render(withKustomize({ patches: [{ path: 'seven.yaml', target }] }));
    expect(member(inline.objects['Deployment/web'], 'spec.replicas')).toBe(3);
    expect(member(file.objects['Deployment/web'], 'spec.replicas')).toBe(7);
  });

  it('let a patch change name and kind', async () => {
    await writeTree(rig);
    const patch =
      '- op: replace\n  path: /metadata/name\n  value: renamed\n- op: replace\n  path: /kind\n  value: StatefulSet\n';
    const options = { allowNameChange: true, allowKindChange: true };
    const { objects } = await rig.render(
      withKustomize({ patches: [{ patch, target: { kind: 'Deployment' }, options }] }),
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
    await writeTree(rig, {}, 'app');
    const components = ['../components/one', 'two'];
    const { objects } = await rig.render(withKustomize({ components }, 'app'));
    expect(objects['ConfigMap/settings']?.['data']).toEqual({ mode: 'plain', one: 'on', two: 'on' });
    await expect(rig.render(withKustomize({ components: ['three'] }, 'app'))).rejects.toThrow(/three/);
    const skipped = await rig.render(
      withKustomize({ components: ['two', 'three'], ignoreMissingComponents: true }, 'app'),
    );
    expect(skipped.objects['ConfigMap/settings']?.['data']).toEqual({ mode: 'plain', two: 'on' });
  });

  it('never reach another render of the same commit at the same time', async () => {
    await writeTree(rig);
    const prefixes = Array.from({ length: 6 }, (_, index) => (index === 0 ? '' : `n${index}-`));
    const renders = await Promise.all(
      prefixes.map((namePrefix) => rig.render(namePrefix ? withKustomize({ namePrefix }) : {})),
    );
    expect(renders.map(({ objects }) => Object.keys(objects).sort())).toEqual(
      prefixes.map((prefix) => [`ConfigMap/${prefix}settings`, `Deployment/${prefix}web`, `Service/${prefix}web`]),
    );
  });
});

describe('the version', () => {
  const settings = (more: object = {}) => ({
    kustomizePaths: { v1: join(rig.folder, 'kustomize-v1'), v2: rig.tools.kustomize },
    kustomizeBuildOptions: ['--no-such-option'],
    ...more,
  });
  beforeEach(async () => {
    await writeFile(join(rig.folder, 'kustomize-v1'), `#!/bin/sh\nexec '${rig.tools.kustomize}' "$@"\n`);
    await chmod(join(rig.folder, 'kustomize-v1'), 0o755);
    await writeTree(rig, { commonAnnotations: { a: 'b' }, buildMetadata: [] });
  });

  it.each(['v1', 'v2'])(
    '%s runs the program of that name, without the build options of the default',
    async (version) => {
      const { objects } = await rig.render({ ...withKustomize({ version }), settings: settings() });
      expect(Object.keys(objects).length).toBe(3);
    },
  );

  it('has build options of its own', async () => {
    const kustomizeVersionOptions = { v1: ['--as-current-user'] };
    const render = rig.render({ ...withKustomize({ version: 'v1' }), settings: settings({ kustomizeVersionOptions }) });
    const plain = await rig.trace({ ...withKustomize({ version: 'v1' }), settings: settings() });
    expect((await render).traced.digest).not.toBe(plain.digest);
    await expect(rig.render({ settings: settings() })).rejects.toThrow(/no-such-option/);
  });

  it('that is not registered is refused with those that are', async () => {
    const failure = rig.render({ ...withKustomize({ version: 'v0.0.1' }), settings: settings() });
    await expect(failure).rejects.toThrow(
      expect.objectContaining({
        code: 'RENDER_INVALID_SOURCE',
        message: 'kustomize version v0.0.1 is not registered',
        hint: expect.stringContaining('registered: v1, v2;'),
      }),
    );
  });
});

it('files of the folder override options, that of the Application last', async () => {
  rig.repository
    .write('.argocd-source.yaml', { kustomize: { namePrefix: 'all-', images: ['example/app:2'] } })
    .write('.argocd-source-guestbook.yaml', { kustomize: { images: ['example/app:3'], nameSuffix: null } })
    .write('.argocd-source-other.yaml', { kustomize: { namePrefix: 'other-' } });
  await writeTree(rig);
  const rendered = await rig.render(withKustomize({ nameSuffix: '-own', namePrefix: 'own-' }));
  expect(Object.keys(rendered.objects).sort()).toEqual([
    'ConfigMap/all-settings',
    'Deployment/all-web',
    'Service/all-web',
  ]);
  expect(imageOf(rendered, 'Deployment/all-web')).toBe('example/app:3');
});
