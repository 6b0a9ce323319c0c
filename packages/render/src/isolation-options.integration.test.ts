import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import type { FileContent } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFilesRig, type FilesRig } from './test-support/render-files.ts';
import { defaultSettings } from './test-support/rig.ts';

/** Options and programs that would have a tool read files of this machine by other ways than by a path. */

const canary = 'CANARY-4712';
let rig: FilesRig;
let cases = 0;
beforeAll(async () => {
  rig = await createFilesRig();
  await mkdir(join(rig.folder, 'neighbour/templates'), { recursive: true });
  await writeFile(join(rig.folder, 'canary.yaml'), canary);
  await writeFile(join(rig.folder, 'neighbour/Chart.yaml'), 'apiVersion: v2\nname: d\nversion: 1.0.0\n');
  await writeFile(join(rig.folder, 'neighbour/templates/a.yaml'), dump.replace('{ .Values | toJson | quote }', canary));
});
afterAll(() => rig[Symbol.asyncDispose]());

type Options = Partial<ApplicationSource>;
type Files = Record<string, FileContent>;

const dump = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {v: {{ .Values | toJson | quote }} }\n`;
const chart: Files = {
  'Chart.yaml': { apiVersion: 'v2', name: 'c', version: '1.0.0' },
  'templates/a.yaml': dump,
  'own.txt': 'own',
};
const program = (value: string) =>
  `{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}, data: {v: std.toString(${value})}}`;

async function render(files: Files, source: Options) {
  cases += 1;
  // The most that operators let kustomize do without letting it run programs.
  const kustomizeBuildOptions = ['--enable-helm', '--load-restrictor', 'LoadRestrictionsNone'];
  const context = { settings: { ...defaultSettings, kustomizeBuildOptions } };
  const { objects } = await rig.render(`case-${cases}`, files, { source, context });
  return objects.map((object) => object['data']);
}
const outcome = (files: Files, source: Options) =>
  render(files, source).then((data) => `rendered ${JSON.stringify(data)}`, String);

type Case = [what: string, make: (path: string) => { files: Files; source?: Options }, message: RegExp];

const parameter = (name: string, path = 'own.txt') => ({ helm: { fileParameters: [{ name, path }] } });
const jsonnet = (options: NonNullable<NonNullable<ApplicationSource['directory']>['jsonnet']>) => ({
  directory: { jsonnet: options },
});
const code = (name: string, value: string) => [{ name, value, code: true }];

const helm: Case[] = [
  ['a second pair in a name', (path) => ({ files: chart, source: parameter(`x=${path},y`) }), /no name of a value/],
  ['a pair in a name', (path) => ({ files: chart, source: parameter(`x=${path}`) }), /no name of a value/],
  ['a list of files in a name', (path) => ({ files: chart, source: parameter(`x={${path}},y`) }), /no name of a value/],
  ['a backslash at the end of a name', () => ({ files: chart, source: parameter('x\\') }), /no name of a value/],
  [
    'a second pair in a name that the repository gives',
    (path) => ({ files: { ...chart, '.argocd-source.yaml': parameter(`x=${path},y`) } }),
    /no name of a value/,
  ],
  ...['repository', 'Repository'].map(
    (field): Case => [
      `a chart beside the repository as ${field}`,
      () => {
        const inside = `${rig.folder.slice(1)}/neighbour/Chart.yaml`;
        const dependencies = [
          { name: 'own', version: '1.0.0', repository: 'file://own' },
          { name: 'd', version: '1.0.0', [field]: `file://${rig.folder}/neighbour` },
        ];
        const charts = {
          'own/Chart.yaml': { apiVersion: 'v2', name: 'own', version: '1.0.0' },
          [inside]: { apiVersion: 'v2', name: 'd', version: '1.0.0' },
        };
        return { files: { ...chart, ...charts, 'Chart.yaml': { ...Object(chart['Chart.yaml']), dependencies } } };
      },
      /dependency d .*neighbour.* leads outside the repository/,
    ],
  ),
  [
    'a dependency whose repository is there twice',
    () => {
      const dependency = { name: 'd', version: '1.0.0', repository: 'file://own', Repository: `file://${rig.folder}` };
      return { files: { ...chart, 'Chart.yaml': { ...Object(chart['Chart.yaml']), dependencies: [dependency] } } };
    },
    /Chart\.yaml: repository and Repository are one field/,
  ],
];

const programs: Case[] = [
  ...(['importstr', 'importbin', 'import'] as const).flatMap((word): Case[] => [
    [
      `${word} in an external variable`,
      (path) => ({
        files: { 'a.jsonnet': program(`std.extVar('x')`) },
        source: jsonnet({ extVars: code('x', `${word} '${path}'`) }),
      }),
      /directory\.jsonnet\.extVars, x: .*(absolute path|outside)/,
    ],
    [
      `${word} in a top-level argument`,
      (path) => ({
        files: { 'a.jsonnet': `function(x) ${program('x')}` },
        source: jsonnet({ tlas: code('x', `${word} @'${path}'`) }),
      }),
      /directory\.jsonnet\.tlas, x: .*(absolute path|outside)/,
    ],
  ]),
  [
    'an import in the name of a variable',
    (path) => ({
      files: { 'a.jsonnet': program(`std.extVar('x')`) },
      source: jsonnet({ extVars: code(`x=importstr '${path}' //`, '1') }),
    }),
    /the name .* has a "=" in it/,
  ],
  [
    'an import that looks as if it stood in a text block',
    (path) => ({ files: { 'a.jsonnet': `local t = |||\n   \n |||; ${program(`importstr '${path}'`)}` } }),
    /a\.jsonnet: .*(absolute path|outside)/,
  ],
];

const resource = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n';
const kustomization = (text: string, files: Files = {}): { files: Files } => ({
  files: { 'kustomization.yaml': `resources: [c.yaml]\n${text}`, 'c.yaml': resource, ...files },
});
const generator = (path: string, field = 'files') =>
  `{apiVersion: builtin, kind: ConfigMapGenerator, metadata: {name: g}, ${field}: [k=${path}]}`;
const isOutside = /is outside the repository/;
const isUnknown = /the plugins in "gen" cannot be told/;

const kustomizations: Case[] = [
  ...['ConfigMapGenerator', 'configmapgenerator'].map(
    (field): Case => [
      `a field spelled ${field}`,
      (path) => kustomization(`${field}: [{name: g, files: [k=${path}]}]\n`),
      isOutside,
    ],
  ),
  ['a letter that counts as s', (path) => kustomization(`patche\u017F: [{path: ${path}}]\n`), isOutside],
  [
    'a member spelled FILES',
    (path) => kustomization(`configMapGenerator: [{name: g, FILES: [k=${path}]}]\n`),
    isOutside,
  ],
  ['values of a chart', (path) => kustomization(`helmCharts: [{name: c, ValuesFile: ${path}}]\n`), isOutside],
  [
    'a folder of charts',
    (path) => kustomization(`HelmGlobals: {ChartHome: ${path}}\nhelmCharts: [{name: c}]\n`),
    isOutside,
  ],
  [
    'a list of value files in one name',
    (path) => {
      const name = `charts/c/values.yaml,${path}`;
      const charts = { 'charts/c/Chart.yaml': chart['Chart.yaml'] ?? '', 'charts/c/values.yaml': '{}', [name]: 'x: 1' };
      const field = JSON.stringify([{ name: 'c', additionalValuesFiles: [name] }]);
      return kustomization(`helmCharts: ${field}\n`, path.startsWith('/') ? charts : {});
    },
    /the value file ".*" has a comma/,
  ],
  [
    'a field that is there twice',
    (path) => kustomization(`patches: [{path: ${path}}]\nPatches: [{patch: x}]\n`),
    /patches and Patches are one field/,
  ],
  [
    'a plugin with a member spelled Files',
    (path) => kustomization('generators: [g.yaml]\n', { 'g.yaml': generator(path, 'Files') }),
    isOutside,
  ],
  ['a plugin in one line', (path) => kustomization(`generators: ['${generator(path)}']\n`), isOutside],
  [
    'a plugin that a patch changes',
    (path) =>
      kustomization('generators: [gen]\n', {
        'gen/kustomization.yaml': {
          resources: ['g.yaml'],
          patches: [
            {
              target: { kind: 'ConfigMapGenerator' },
              patch: JSON.stringify([{ op: 'replace', path: '/files', value: [`k=${path}`] }]),
            },
          ],
        },
        'gen/g.yaml': generator('c.yaml'),
      }),
    isUnknown,
  ],
  [
    'a plugin that a chart makes',
    (path) =>
      kustomization('generators: [gen]\n', {
        'gen/kustomization.yaml': { helmCharts: [{ name: 'c', releaseName: 'r' }] },
        'gen/charts/c/Chart.yaml': { apiVersion: 'v2', name: 'c', version: '1.0.0' },
        'gen/charts/c/values.yaml': '{}',
        'gen/charts/c/templates/a.yaml': generator(path),
      }),
    isUnknown,
  ],
  [
    'a plugin in folders of folders',
    (path) =>
      kustomization('generators: [gen]\n', {
        'gen/kustomization.yaml': { resources: ['../more'] },
        'more/kustomization.yaml': { Resources: ['g.yaml'] },
        'more/g.yaml': generator(path),
      }),
    isOutside,
  ],
];

describe.each([
  ['a chart', helm],
  ['a kustomization', kustomizations],
  ['a Jsonnet program', programs],
])('the options of %s', (_of, rows) => {
  it.each(rows)('read no file of this machine: %s', async (_what, make, message) => {
    for (const path of [join(rig.folder, 'canary.yaml'), '../../../../../canary.yaml']) {
      const { files, source = {} } = make(path);
      const got = await outcome(files, source);
      expect(got).not.toContain(canary);
      expect(got).toMatch(message);
    }
  });
});

describe('what is meant well goes on working', () => {
  it('names of file parameters with escapes, and paths with commas and backslashes', async () => {
    const files = { ...chart, 'odd\\\\,b=own.txt': 'odd' };
    const source = { helm: { fileParameters: [{ name: 'a.b[0].c\\,d\\=e', path: 'odd\\\\,b=own.txt' }] } };
    expect(await render(files, source)).toEqual([{ v: '{"a":{"b":[{"c,d=e":"odd"}]}}' }]);
  });

  it('variables of a program that import from its folder, from its libraries, and from the root', async () => {
    cases += 1;
    const folder = `case-${cases}`;
    const files: Files = {
      'app/a.jsonnet': `function(t) ${program(`[std.extVar('near'), std.extVar('root'), t]`)}`,
      'app/near.txt': 'near',
      'lib/t.libsonnet': `importstr 't.txt'`,
      'lib/t.txt': 'library',
    };
    for (const [path, content] of Object.entries(files)) rig.repository.write(`${folder}/${path}`, content);
    const extVars = [...code('near', `importstr 'near.txt'`), ...code('root', `importstr '${folder}/lib/t.txt'`)];
    const source = jsonnet({ libs: [`${folder}/lib`], extVars, tlas: code('t', `import 't.libsonnet'`) });
    const { objects } = await rig.render(`${folder}/app`, {}, { source });
    expect(objects[0]?.['data']).toEqual({ v: '["near", "library", "library"]' });
  });

  it('fields of kustomizations in other spellings, and options of the Application with them', async () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: c}\nspec: {containers: [{name: c, image: "i:1"}]}\n';
    const names = 'NamePrefix: a-\nImages: [{Name: i, NewTag: "2"}]\n';
    const files = {
      'kustomization.yaml': `Resources: [c.yaml]\n${names}ConfigmapGenerator: [{name: g, Files: [f.txt]}]\n`,
      'c.yaml': pod,
      'f.txt': 'f',
    };
    expect(await render(files, {})).toEqual([{ 'f.txt': 'f' }, undefined]);
    const kustomize = { namePrefix: 'b-', images: ['i:3'] };
    const { objects } = await rig.render(`case-${cases}`, files, { source: { kustomize } });
    expect(objects[1]).toMatchObject({ metadata: { name: 'b-c' }, spec: { containers: [{ image: 'i:3' }] } });
  });

  it('plugins in folders that list files, in one line, and missing ones', async () => {
    const folders = { 'gen/kustomization.yaml': { resources: ['g.yaml'] }, 'gen/g.yaml': generator('c.yaml') };
    const made = [undefined, { k: resource }];
    expect(await render(kustomization('generators: [gen]\n', folders).files, {})).toEqual(made);
    expect(await render(kustomization(`generators: ['${generator('c.yaml')}']\n`).files, {})).toEqual(made);
    expect(await outcome(kustomization('generators: [none.yaml]\n').files, {})).toMatch(/none\.yaml/);
  });
});
