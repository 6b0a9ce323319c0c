import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ApplicationSourceKustomize } from '@plumbline/apis';
import { deepEqual, type KubeObject, parseManifests, parseYaml, toYaml } from '@plumbline/manifests';
import { configMap, deployment, service } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { editByTool } from '../test-support/edit-by-tool.ts';
import { renderTools } from '../test-support/rig.ts';
import { editKustomization } from './edit-kustomization.ts';
import type { Kustomization } from './kustomization.ts';

const run = promisify(execFile);
const replicas = (value: number) => `- op: replace\n  path: /spec/replicas\n  value: ${value}\n`;
const target = { kind: 'Deployment' };
const merge = toYaml({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { paused: true } });

/** What users have in their kustomizations already. */
const kustomizations: Record<string, Kustomization> = {
  plain: {},
  named: { namePrefix: 'own-', nameSuffix: '-own', namespace: 'own' },
  labelled: { commonLabels: { team: 'own', other: 'x' }, commonAnnotations: { owner: 'own', other: 'x' } },
  'with new labels': {
    labels: [
      { pairs: { team: 'own' } },
      { pairs: { tier: 'a' }, includeSelectors: true },
      { pairs: { zone: 'b' }, includeTemplates: true },
    ],
  },
  'with images': {
    images: [
      { name: 'example/app', newName: 'own/app', newTag: '5' },
      { name: 'other', digest: `sha256:${'b'.repeat(64)}` },
    ],
    replicas: [
      { name: 'web', count: 2 },
      { name: 'zzz', count: 1 },
    ],
  },
  'with patches': {
    patches: [{ patch: replicas(2), target }],
    patchesStrategicMerge: [merge],
    patchesJson6902: [
      { target: { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web' }, patch: replicas(4) },
    ],
  },
  'with components': { components: ['one'], bases: ['base'] },
  old: { imageTags: [{ name: 'example/app', newTag: '3' }], patchesStrategicMerge: ['merge.yaml'], bases: ['base'] },
};

/** Options of Applications. */
const optionSets: ApplicationSourceKustomize[] = [
  { namePrefix: 'app-' },
  { namePrefix: '-x', nameSuffix: '-v2' },
  { namespace: 'app-ns' },
  { images: ['example/app:9'] },
  { images: ['example/app=*:9'] },
  { images: ['example/app=registry.test:5000/a/b:7', 'other=z@sha256:'.concat('c'.repeat(64))] },
  { images: [`example/app@sha256:${'d'.repeat(64)}`] },
  { images: ['example/app=renamed', 'example/app:twice'] },
  { images: ['example/app'] },
  { replicas: [{ name: 'web', count: 3 }] },
  {
    replicas: [
      { name: 'web', count: '4' },
      { name: 'gone', count: 1 },
    ],
  },
  { replicas: [{ name: 'web', count: 'x' }] },
  { commonLabels: { team: 'app' } },
  { commonLabels: { fresh: 'app', more: 'b' } },
  { commonLabels: { team: 'app', tier: 'app', zone: 'app' }, forceCommonLabels: true },
  { commonLabels: { team: 'app' }, labelWithoutSelector: true },
  { commonLabels: { fresh: 'app' }, labelWithoutSelector: true },
  { commonLabels: { team: 'app' }, labelWithoutSelector: true, forceCommonLabels: true },
  { commonLabels: { zone: 'app' }, labelWithoutSelector: true, labelIncludeTemplates: true },
  { commonLabels: { team: 'app' }, labelWithoutSelector: true, labelIncludeTemplates: true, forceCommonLabels: true },
  { commonLabels: { fresh: 'app' }, labelIncludeTemplates: true },
  { commonLabels: { fresh: 'a:b', empty: '' } },
  { commonAnnotations: { owner: 'app' } },
  { commonAnnotations: { owner: 'app', fresh: 'http://a:1/b c' }, forceCommonAnnotations: true },
  { patches: [{ patch: replicas(8), target }, { path: 'merge.yaml' }] },
  { patches: [{ patch: merge, options: { allowNameChange: true } }] },
  { components: ['one', 'two'] },
  { components: ['gone'] },
  {
    namePrefix: 'app-',
    images: ['example/app:9'],
    replicas: [{ name: 'web', count: 3 }],
    commonLabels: { fresh: 'app' },
    commonAnnotations: { fresh: 'app' },
    namespace: 'app-ns',
    patches: [{ patch: replicas(8), target }],
    components: ['two'],
  },
];

let program: string;
let folder: string;
beforeAll(async () => {
  program = (await renderTools()).kustomize;
  folder = await mkdtemp(join(tmpdir(), 'plumbline-edit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeFixture(root: string, kustomization: Kustomization): Promise<void> {
  const component = (key: string) => ({
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    patches: [{ patch: `- op: add\n  path: /data/${key}\n  value: 'on'\n`, target: { kind: 'ConfigMap' } }],
  });
  const files: Record<string, unknown> = {
    'all.yaml': [deployment('web', 'example/app:1'), service('web'), configMap('settings', { mode: 'plain' })],
    'merge.yaml': [parseYaml(merge, { file: 'merge' })],
    'base/kustomization.yaml': [{ namePrefix: 'based-', resources: ['map.yaml'] }],
    'base/map.yaml': [configMap('map', { mode: 'base' })],
    'one/kustomization.yaml': [component('one')],
    'two/kustomization.yaml': [component('two')],
    'kustomization.yaml': [{ resources: ['all.yaml'], ...kustomization }],
  };
  for (const [path, documents] of Object.entries(files)) {
    const text = (documents as object[]).map((document) => toYaml(document)).join('---\n');
    await cp(await temporary(text), join(root, path), { recursive: true });
  }
}

async function temporary(text: string): Promise<string> {
  const file = join(folder, 'file.tmp');
  await writeFile(file, text);
  return file;
}

async function build(root: string): Promise<KubeObject[]> {
  const { stdout } = await run(program, ['build', root]);
  return parseManifests(stdout, { file: 'kustomize', strict: true }).objects;
}

async function editOurselves(root: string, options: ApplicationSourceKustomize): Promise<void> {
  const file = join(root, 'kustomization.yaml');
  const kustomization = parseYaml(await readFile(file, 'utf8'), { file }) as Kustomization;
  await writeFile(file, toYaml(editKustomization(kustomization, options)));
}

async function outcome(work: () => Promise<KubeObject[]>): Promise<KubeObject[] | string> {
  return work().catch((error: Error) => `failed: ${error.message}`);
}

it.each(Object.entries(kustomizations))(
  'options give for a kustomization %s what `kustomize edit` and `kustomize build` give',
  async (name, kustomization) => {
    const fixture = join(folder, name.replaceAll(' ', '-'));
    await writeFixture(fixture, kustomization);
    const differences: unknown[] = [];
    for (const [index, options] of optionSets.entries()) {
      const [ours, theirs] = [`${fixture}-${index}-ours`, `${fixture}-${index}-theirs`];
      await Promise.all([cp(fixture, ours, { recursive: true }), cp(fixture, theirs, { recursive: true })]);
      const [mine, expected] = await Promise.all([
        outcome(() => editOurselves(ours, options).then(() => build(ours))),
        outcome(() => editByTool(program, theirs, options).then(() => build(theirs))),
      ]);
      const bothFail = typeof mine === 'string' && typeof expected === 'string';
      if (!bothFail && !deepEqual(mine, expected)) differences.push({ options, mine, expected });
    }
    expect(differences).toEqual([]);
  },
);
