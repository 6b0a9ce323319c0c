import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, defaultSettings, type RenderOptions, type Rig } from './test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const digest = async (options?: RenderOptions) => (await rig.trace(options)).digest;

describe('the source type', () => {
  beforeEach(async () => {
    rig.repository
      .write('chart/Chart.yaml', { apiVersion: 'v2', name: 'c', version: '1.0.0' })
      .write('chart/kustomization.yaml', { resources: [] })
      .write('yaml/kustomization.yaml', { resources: ['a.yaml'] })
      .write('yaml/a.yaml', configMap('a'))
      .write('yml/kustomization.yml', { resources: [] })
      .write('named/Kustomization', { resources: [] })
      .write('plain/a.yaml', configMap('a'));
    await rig.repository.commit();
  });

  const off = (...tools: ('kustomize' | 'helm')[]) => ({
    settings: { enabled: { ...defaultSettings.enabled, ...Object.fromEntries(tools.map((tool) => [tool, false])) } },
  });

  it.each<[string, RenderOptions, string]>([
    ['Helm with Chart.yaml', { source: { path: 'chart' } }, 'Helm'],
    ['Kustomize with kustomization.yaml', { source: { path: 'yaml' } }, 'Kustomize'],
    ['Kustomize with kustomization.yml', { source: { path: 'yml' } }, 'Kustomize'],
    ['Kustomize with Kustomization', { source: { path: 'named' } }, 'Kustomize'],
    ['Directory otherwise', { source: { path: 'plain' } }, 'Directory'],
    [
      'what the source says',
      { source: { path: 'yaml', directory: { recurse: true, exclude: 'kustomization.yaml' } } },
      'Directory',
    ],
    [
      'discovered where the options say nothing',
      { source: { path: 'yaml', helm: {}, directory: { recurse: false, jsonnet: {} } } },
      'Kustomize',
    ],
    ['Directory where kustomize is off', { source: { path: 'yaml' }, ...off('kustomize') }, 'Directory'],
    [
      'Directory where an explicit type is off',
      { source: { path: 'yaml', kustomize: { namePrefix: 'x' } }, ...off('kustomize') },
      'Directory',
    ],
  ])('is %s', async (_case, options, expected) => {
    expect((await rig.trace(options)).type).toBe(expected);
  });

  it('is refused where the source names two, or a plugin', async () => {
    const both = { kustomize: { namePrefix: 'x-' }, directory: { recurse: true } };
    await expect(rig.trace({ source: both })).rejects.toThrow(
      'multiple application sources defined: Kustomize, Directory',
    );
    await expect(rig.trace({ source: { plugin: { name: 'p' } } })).rejects.toThrow(/plugin p/);
  });
});

describe('the path', () => {
  it.each([
    ['missing', /^missing: app path does not exist at revision [0-9a-f]{40}$/, 'RENDER_PATH_NOT_FOUND'],
    ['/app', /app path is absolute/, 'RENDER_INVALID_SOURCE'],
    ['../app', /app path outside root/, 'RENDER_PATH_OUTSIDE'],
    ['app/a.yaml', /app path is not a directory/, 'RENDER_INVALID_SOURCE'],
    ['', /a path or a chart is required/, 'RENDER_INVALID_SOURCE'],
  ])('%s is refused', async (path, message, code) => {
    rig.repository.write('app/a.yaml', configMap('a'));
    await rig.repository.commit();
    await expect(rig.trace({ source: { path } })).rejects.toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), code }),
    );
  });
});

describe('overrides in the repository', () => {
  it('are merged for everyone, then for the Application', async () => {
    rig.repository
      .write('app/.argocd-source.yaml', { kustomize: { namePrefix: 'all-', nameSuffix: null } })
      .write('app/.argocd-source-guestbook.yaml', { kustomize: { images: ['x:1'] } })
      .write('app/.argocd-source-other.yaml', { kustomize: { images: ['x:2'] } });
    await rig.repository.commit();
    const { source } = await rig.trace({
      source: { path: 'app', kustomize: { namePrefix: 'lost-', nameSuffix: '-x', namespace: 'kept' } },
    });
    expect(source.kustomize).toEqual({ namePrefix: 'all-', namespace: 'kept', images: ['x:1'] });
  });

  it('cannot move the source', async () => {
    rig.repository.write('app/.argocd-source.yaml', {
      repoURL: 'https://evil',
      path: 'x',
      targetRevision: 'y',
      chart: 'c',
      ref: 'r',
    });
    rig.repository.write('app/a.yaml', configMap('a'));
    await rig.repository.commit();
    const { source } = await rig.trace({ source: { path: 'app' } });
    expect(source).toEqual({ repoURL: rig.repository.url, path: 'app', targetRevision: 'HEAD' });
  });

  it('that are broken are named', async () => {
    rig.repository.write('app/.argocd-source.yaml', 'a: [\n');
    await rig.repository.commit();
    await expect(rig.trace({ source: { path: 'app' } })).rejects.toThrow(/app\/\.argocd-source\.yaml/);
  });

  it.each([
    ['helm: {parameters: {a: b}}', /helm\.parameters: .*array/],
    ['helm: {parameters: [a]}', /helm\.parameters\.0: .*object/],
    ['helm: {parameters: [{name: a, value: 1}]}', /helm\.parameters\.0\.value: .*string/],
    ['helm: {valueFiles: a.yaml}', /helm\.valueFiles: .*array/],
    ['helm: {values: {a: 1}}', /helm\.values: .*string/],
    ['kustomize: {commonLabels: {a: 1}}', /kustomize\.commonLabels\.a: .*string/],
    ['kustomize: {images: nginx:1}', /kustomize\.images: .*array/],
    ['directory: {recurse: "yes"}', /directory\.recurse: .*boolean/],
    ['helm: x', /helm: .*object/],
  ])('of a wrong type are named: %s', async (text, message) => {
    rig.repository.write('app/.argocd-source-guestbook.yaml', text);
    await rig.repository.commit();
    await expect(rig.trace({ source: { path: 'app' } })).rejects.toThrow(
      expect.objectContaining({
        code: 'RENDER_INVALID_SOURCE',
        message: expect.stringMatching(new RegExp(`^app/\\.argocd-source-guestbook\\.yaml: ${message.source}`)),
      }),
    );
  });
});

describe('the digest', () => {
  const cases: [string, RenderOptions][] = [
    ['a directory', { source: { path: 'plain', directory: { recurse: true } } }],
    [
      'an overlay',
      { source: { path: 'over', kustomize: { patches: [{ path: 'own.yaml', target: { kind: 'ConfigMap' } }] } } },
    ],
    [
      'a chart',
      {
        source: {
          path: 'chart',
          helm: { valueFiles: ['../values/*.yaml', '/values/gone.yaml'], ignoreMissingValueFiles: true },
        },
      },
    ],
    ['a program', { source: { path: 'jsonnet', directory: { jsonnet: { libs: ['libs'] } } } }],
  ];

  beforeEach(async () => {
    rig.repository
      .write('unrelated/x.yaml', configMap('x'))
      .write('plain/a.yaml', configMap('a'))
      .write('plain/deep/b.yaml', configMap('b'))
      .write('base/kustomization.yaml', {
        resources: ['a.yaml'],
        configMapGenerator: [{ name: 'c', files: ['f.txt'] }],
      })
      .write('base/a.yaml', configMap('a'))
      .write('base/f.txt', 'f')
      .write('over/kustomization.yaml', { resources: ['../base'] })
      .write('over/own.yaml', '- op: add\n  path: /data/own\n  value: "1"\n')
      .write('chart/Chart.yaml', { apiVersion: 'v2', name: 'c', version: '1.0.0' })
      .write('chart/templates/a.yaml', configMap('a'))
      .write('values/one.yaml', { a: 1 })
      .write('jsonnet/a.jsonnet', "import 'lib.libsonnet'")
      .write('libs/lib.libsonnet', "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}}");
    await rig.repository.commit();
  });

  it.each(cases)('of %s stays when something else changes', async (_case, options) => {
    const before = await digest(options);
    rig.repository.write('unrelated/x.yaml', configMap('y')).write('unrelated/new/z.yaml', configMap('z'));
    await rig.repository.commit();
    expect(await digest(options)).toBe(before);
  });

  it.each(cases)('of %s changes with each of its inputs', async (_case, options) => {
    const { inputs } = await rig.trace(options);
    const seen = new Set([await digest(options)]);
    for (const { path, oid } of inputs) {
      const isFolder = oid !== null && !/\.[a-z]+$/.test(path);
      const file = isFolder ? `${path}/touched.txt` : path;
      const former = oid === null || isFolder ? '' : (await rig.repository.git('show', `HEAD:${path}`)).trim();
      // A comment in YAML would say nothing.
      rig.repository.write(file, `${former}\n${/\.ya?ml$/.test(file) ? 'touched: 1' : '# touched'}\n`);
      await rig.repository.commit();
      const now = await digest(options);
      expect(seen, `touching ${file}`).not.toContain(now);
      seen.add(now);
      await rig.repository.git('revert', '--no-edit', 'HEAD');
    }
    expect(inputs.length).toBeGreaterThan(0);
    expect(seen).toContain(await digest(options));
  });

  it.each<[string, RenderOptions, boolean]>([
    [
      'a directory ignores name and namespace',
      { source: { path: 'plain' }, context: { appName: 'b', namespace: 'c' } },
      true,
    ],
    [
      'a directory ignores the cluster',
      { source: { path: 'plain' }, context: { kubeVersion: '1.1.1', apiVersions: [] } },
      true,
    ],
    ['a directory heeds its options', { source: { path: 'plain', directory: { recurse: true } } }, false],
    [
      'an overlay ignores name and cluster',
      { source: { path: 'over' }, context: { appName: 'b', kubeVersion: '1.1.1' } },
      true,
    ],
    [
      'an overlay heeds build options',
      { source: { path: 'over' }, settings: { kustomizeBuildOptions: ['--enable-alpha-plugins'] } },
      false,
    ],
    ['a chart heeds the release name', { source: { path: 'chart' }, context: { appName: 'b' } }, false],
    ['a chart heeds the namespace', { source: { path: 'chart' }, context: { namespace: 'b' } }, false],
    ['a chart heeds the cluster', { source: { path: 'chart' }, context: { kubeVersion: '1.30.0' } }, false],
    ['a chart ignores the project', { source: { path: 'chart' }, context: { project: 'b' } }, true],
  ])('of %s', async (_case, options, same) => {
    const before = await digest({ source: { path: options.source?.path ?? '.' } });
    expect((await digest(options)) === before).toBe(same);
  });

  it('holds the name only where the options use it', async () => {
    const of = (label: string, appName: string) =>
      digest({ source: { path: 'over', kustomize: { commonLabels: { label } } }, context: { appName } });
    expect(await of('x', 'a')).toBe(await of('x', 'b'));
    expect(await of('$ARGOCD_APP_NAME', 'a')).not.toBe(await of('$ARGOCD_APP_NAME', 'b'));
  });
});

describe('the work folder', () => {
  it('holds exactly the inputs of a render, and is used again for the next', async () => {
    rig.repository
      .write('app/kustomization.yaml', { resources: ['a.yaml'] })
      .write('app/a.yaml', configMap('a'))
      .write('app/secret.txt', 'not an input');
    await rig.repository.commit();
    await rig.render({ source: { path: 'app' } });
    await rig.render({ source: { path: 'app', kustomize: { namePrefix: 'x-' } } });
    const { stdout } = await promisify(execFile)('find', ['.', '-type', 'f', '-printf', '%P %m\n'], {
      cwd: join(rig.folder, 'work'),
    });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.replace(/^inputs\/[0-9a-f]{64}\.1\//, 'inputs/'))
      .sort();
    expect(lines.filter((line) => line.startsWith('inputs') || line.startsWith('scratch'))).toEqual([
      'inputs/app/a.yaml 444',
      'inputs/app/kustomization.yaml 444',
    ]);
  });
});
