import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import { configMap, type FileContent } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFilesRig, type FilesRendering, type FilesRig } from './test-support/render-files.ts';
import { defaultSettings } from './test-support/rig.ts';
import type { RenderSettings } from './types.ts';

const canary = 'CANARY-4711';
let rig: FilesRig;

beforeAll(async () => {
  rig = await createFilesRig();
  // Beside the repository and at every level of the work folders.
  for (const level of ['.', 'work', 'work/1', 'work/1/inputs', 'work/1/scratch']) {
    await mkdir(join(rig.folder, level), { recursive: true });
    await writeFile(join(rig.folder, level, 'canary.yaml'), JSON.stringify(configMap('canary', { value: canary })));
  }
});
afterAll(() => rig[Symbol.asyncDispose]());

type Case = [
  field: string,
  (path: string) => {
    files?: Record<string, FileContent>;
    source?: Partial<ApplicationSource>;
    settings?: Partial<RenderSettings>;
    ref?: string;
  },
];

const helmSettings: Partial<RenderSettings> = { kustomizeBuildOptions: ['--enable-helm'] };

const manifest = { 'a.yaml': configMap('a') };
const kustomization = (fields: object, more: Record<string, FileContent> = {}) => ({
  files: { ...manifest, ...more, 'kustomization.yaml': { resources: ['a.yaml'], ...fields } },
});
const chart = { 'Chart.yaml': { apiVersion: 'v2', name: 'c', version: '1.0.0' }, 'templates/a.yaml': configMap('a') };
const target = { kind: 'ConfigMap', name: 'a' };

const fields: Case[] = [
  ['path', (path) => ({ files: manifest, source: { path } })],
  ['helm.valueFiles', (path) => ({ files: chart, source: { helm: { valueFiles: [path] } } })],
  ['helm.fileParameters', (path) => ({ files: chart, source: { helm: { fileParameters: [{ name: 'x', path }] } } })],
  ['kustomize.patches', (path) => ({ ...kustomization({}), source: { kustomize: { patches: [{ path, target }] } } })],
  ['kustomize.components', (path) => ({ ...kustomization({}), source: { kustomize: { components: [path] } } })],
  [
    'jsonnet libs',
    (path) => ({
      files: { 'a.jsonnet': `import 'canary.yaml'` },
      source: { directory: { jsonnet: { libs: [path.replace(/\/?canary\.yaml$/, '') || '/'] } } },
    }),
  ],
  ['jsonnet import', (path) => ({ files: { 'a.jsonnet': `importstr ${JSON.stringify(path)}` } })],
  [
    'chart dependency',
    (path) => ({
      files: {
        ...chart,
        'Chart.yaml': {
          apiVersion: 'v2',
          name: 'c',
          version: '1.0.0',
          dependencies: [{ name: 'd', version: '1.0.0', repository: `file://${path}` }],
        },
      },
    }),
  ],
  ...['resources', 'bases', 'components', 'crds', 'configurations', 'generators', 'transformers', 'validators'].map(
    (name): Case => [
      `kustomization ${name}`,
      (path) => kustomization({ [name]: ['a.yaml', path].slice(name === 'resources' ? 0 : 1) }),
    ],
  ),
  ['kustomization patches', (path) => kustomization({ patches: [{ path, target }] })],
  ['kustomization patchesStrategicMerge', (path) => kustomization({ patchesStrategicMerge: [path] })],
  [
    'kustomization patchesJson6902',
    (path) => kustomization({ patchesJson6902: [{ path, target: { ...target, version: 'v1' } }] }),
  ],
  ['kustomization replacements', (path) => kustomization({ replacements: [{ path }] })],
  ['kustomization openapi', (path) => kustomization({ openapi: { path } })],
  ['jsonnet import of a program', (path) => ({ files: { 'a.jsonnet': `import ${JSON.stringify(path)}` } })],
  ['jsonnet importbin', (path) => ({ files: { 'a.jsonnet': `importbin ${JSON.stringify(path)}` } })],
  [
    'jsonnet import of a library',
    (path) => ({ files: { 'a.jsonnet': `import 'b.libsonnet'`, 'b.libsonnet': `importstr ${JSON.stringify(path)}` } }),
  ],
  ...['helm.valueFiles', 'helm.fileParameters'].map(
    (field): Case => [
      `.argocd-source.yaml ${field}`,
      (path) => ({
        files: {
          ...chart,
          '.argocd-source.yaml': {
            helm: field === 'helm.valueFiles' ? { valueFiles: [path] } : { fileParameters: [{ name: 'x', path }] },
          },
        },
      }),
    ],
  ),
  [
    '.argocd-source.yaml kustomize.components',
    (path) => kustomization({}, { '.argocd-source.yaml': { kustomize: { components: [path] } } }),
  ],
  [
    'helm.valueFiles globs',
    (path) => ({ files: chart, source: { helm: { valueFiles: [path.replace('canary', 'can*')] } } }),
  ],
  ...[['https', 'http'], ['file'], []].map(
    (valuesFileSchemes): Case => [
      `helm.valueFiles as file URL where schemes are ${valuesFileSchemes.join(' ')}`,
      (path) => ({
        files: chart,
        source: { helm: { valueFiles: [`file://${path}`] } },
        settings: { valuesFileSchemes },
      }),
    ],
  ),
  ...['valueFiles', 'fileParameters'].map(
    (field): Case => [
      `helm.${field} of another source`,
      (path) => {
        const named = `$there/${path}`;
        const helm =
          field === 'valueFiles' ? { valueFiles: [named] } : { fileParameters: [{ name: 'x', path: named }] };
        return { files: chart, source: { helm }, ref: 'there' };
      },
    ],
  ),
  [
    'helm.valueFiles globs of another source',
    (path) => ({
      files: chart,
      source: { helm: { valueFiles: [`$there/${path.replace('canary', 'can*')}`] } },
      ref: 'there',
    }),
  ],
  ['kustomization resources as file URL', (path) => kustomization({ resources: ['a.yaml', `file://${path}`] })],
  [
    'kustomization helmCharts repo as file URL',
    (path) => ({
      ...kustomization({ helmCharts: [{ name: 'c', version: '1.0.0', repo: `file://${path}` }] }),
      settings: helmSettings,
    }),
  ],
  ['helm.valueFiles of a ref', (path) => ({ files: chart, source: { helm: { valueFiles: [`$here/${path}`] } } })],
  ...['valuesFile', 'additionalValuesFiles'].map(
    (field): Case => [
      `kustomization helmCharts ${field}`,
      (path) => ({
        ...kustomization(
          {
            helmCharts: [{ name: 'c', [field]: field === 'valuesFile' ? path : [path] }],
          },
          Object.fromEntries(Object.entries(chart).map(([name, content]) => [`charts/c/${name}`, content])),
        ),
        settings: helmSettings,
      }),
    ],
  ),
  [
    'kustomization helmGlobals chartHome',
    (path) => ({
      ...kustomization({ helmGlobals: { chartHome: path }, helmCharts: [{ name: 'c' }] }),
      settings: helmSettings,
    }),
  ],
  ...['PatchTransformer', 'ConfigMapGenerator', 'HelmChartInflationGenerator'].map(
    (kind): Case => [
      `kustomization plugin ${kind}`,
      (path) => {
        const field = kind === 'PatchTransformer' ? 'transformers' : 'generators';
        const config = { path, target, files: [`k=${path}`], name: 'c', chartHome: 'charts', valuesFile: path };
        const plugin = JSON.stringify({ apiVersion: 'builtin', kind, metadata: { name: 'p' }, ...config });
        const files = { 'p.json': plugin, 'charts/c/Chart.yaml': { apiVersion: 'v2', name: 'c', version: '1.0.0' } };
        return { ...kustomization({ [field]: ['p.json'] }, files), settings: helmSettings };
      },
    ],
  ),
  ...['configMapGenerator', 'secretGenerator'].flatMap((name): Case[] => [
    [`kustomization ${name} files`, (path) => kustomization({ [name]: [{ name: 'g', files: [`k=${path}`] }] })],
    [`kustomization ${name} envs`, (path) => kustomization({ [name]: [{ name: 'g', envs: [path] }] })],
  ]),
];

const paths: [string, () => string][] = [
  ...[1, 3, 4].map((levels): [string, () => string] => [`${levels} up`, () => `${'../'.repeat(levels)}canary.yaml`]),
  ['down and up', () => 'sub/../../../../../canary.yaml'],
  ['absolute', () => join(rig.folder, 'canary.yaml')],
  ['URL-encoded', () => '%2e%2e/%2e%2e/%2e%2e/%2e%2e/canary.yaml'],
  ['with a NUL', () => '../../../../canary.yaml\0.yaml'],
  ['very long', () => `${'../'.repeat(3_000)}canary.yaml`],
];

describe.each(fields)('a path outside the repository in %s', (field, make) => {
  it('is refused, by name, and shows nothing of what is there', async () => {
    for (const [what, path] of paths) {
      const { files = {}, source = {}, settings = {}, ref } = make(path());
      const folder = `fields/${field.replaceAll(/\W/g, '-')}`;
      const context = { settings: { ...defaultSettings, ...settings } };
      const more: FilesRendering = { source, context, ...(ref === undefined ? {} : { ref }) };
      const outcome = await rig
        .render(folder, files, more)
        .then(({ objects }) => `rendered ${JSON.stringify(objects)}`, String);
      const place = `${field} ${what}: ${outcome.slice(0, 500)}`;
      expect(outcome, place).not.toContain(canary);
      expect(outcome, place).not.toMatch(/^rendered/);
      expect(outcome.length, place).toBeLessThan(2_000);
      expect(outcome, place).toMatch(/can(ary|\*)\.yaml|\.\.|%2e%2e|without escapes|no chart found/);
      expect(outcome, place).not.toContain(join(rig.folder, 'work'));
    }
  });
});

it('a chain of symlinks out of the repository is refused with the link named', async () => {
  await using other = await createFilesRig();
  const { folder } = other.repository;
  await mkdir(join(folder, 'links'));
  await symlink('../../../canary.yaml', join(folder, 'links/out.yaml'));
  await symlink('out.yaml', join(folder, 'links/between.yaml'));
  await symlink('links/between.yaml', join(folder, 'app.yaml'));
  await expect(other.render('sub', manifest)).rejects.toThrow(/out-of-bounds symlink: .*(app|between|out)\.yaml/);
});

const tool = `#!/bin/sh
case "$1" in version|--version) echo v0; exit 0;; esac
printf '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"seen"},"data":{"environment":"%s","files":"%s"}}' \\
  "$(env | base64 | tr -d '\\n')" "$(find . -type f | sort | base64 | tr -d '\\n')"
`;

describe.runIf(process.platform === 'linux')('a tool', () => {
  it.each<[string, Record<string, FileContent>, string[]]>([
    [
      'kustomize',
      { 'kustomization.yaml': { resources: ['a.yaml'] }, ...manifest, 'other.yaml': 'x' },
      ['a.yaml', 'kustomization.yaml'],
    ],
    ['jsonnet', { 'a.jsonnet': '{}', 'other.txt': 'x' }, ['a.jsonnet']],
    ['helm', { ...chart }, Object.keys(chart).sort()],
  ])('%s sees no environment but its own, and no file but the inputs', async (name, files, expected) => {
    const program = join(rig.folder, 'tool');
    await writeFile(program, tool);
    await chmod(program, 0o755);
    const canaries = [
      'KUBECONFIG',
      'AWS_SECRET_ACCESS_KEY',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'AZURE_CLIENT_SECRET',
      'HOME',
      'PLUMB_REDIS_URL',
      'SSH_AUTH_SOCK',
      'GIT_ASKPASS',
      'HTTPS_PROXY',
      'KUBERNETES_SERVICE_HOST',
      'HELM_REGISTRY_CONFIG',
      'NODE_OPTIONS',
    ];
    for (const variable of canaries) vi.stubEnv(variable, variable === 'NODE_OPTIONS' ? '--no-warnings' : `/${canary}`);
    const { objects } = await rig
      .render(`tools/${name}`, files, { tools: { [name]: program } })
      .finally(() => vi.unstubAllEnvs());
    const { environment, files: seen } = (objects[0]?.['data'] ?? {}) as Record<string, string>;
    const text = (value = '') => Buffer.from(value, 'base64').toString('utf8').trim().split('\n');
    expect(text(environment).join('\n')).not.toContain(canary);
    const names = text(environment).map((line) => line.split('=')[0] ?? '');
    // A proxy that is not there keeps the tools that know networks from asking them.
    const own = name === 'jsonnet' ? ['HOME'] : ['HOME', 'HTTPS_PROXY'];
    expect(names.filter((variable) => canaries.includes(variable)).sort()).toEqual(own);
    const inSource = (path: string) => path.replace('./', '').replace(`tools/${name}/`, '');
    expect(text(seen).map(inSource)).toEqual(expected);
  });
});
