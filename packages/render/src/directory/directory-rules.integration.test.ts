import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationSource } from '@plumbline/apis';
import { stringifyJson } from '@plumbline/manifests';
import { configMap, type FileContent } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFilesRig, type FilesRig } from '../test-support/render-files.ts';
import { defaultSettings, variable } from '../test-support/rig.ts';
import type { RenderSettings } from '../types.ts';

let rig: FilesRig;
let cases = 0;
beforeAll(async () => {
  rig = await createFilesRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

type Files = Record<string, FileContent>;
type Options = NonNullable<ApplicationSource['directory']>;

/** Renders the files in a folder of their own. */
async function render(files: Files, directory: Options = {}, settings: Partial<RenderSettings> = {}) {
  cases += 1;
  const context = { settings: { ...defaultSettings, ...settings } };
  const { objects, warnings } = await rig.render(`case-${cases}`, files, { source: { directory }, context });
  return { names: objects.map(({ metadata }) => metadata.name), objects, warnings };
}
const names = async (...given: Parameters<typeof render>) => (await render(...given)).names;
const named = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const list = (...items: string[]) => ({ apiVersion: 'v1', kind: 'List', items: items.map((name) => configMap(name)) });

describe('a file of a folder', () => {
  it.each<[string, Files, string[]]>([
    [
      'with several documents gives all, in order',
      { 'a.yaml': `${named('b')}---\n---\n# none\n---\n${named('a')}` },
      ['b', 'a'],
    ],
    ['with a List gives its items', { 'a.yaml': list('x', 'y'), 'b.json': stringifyJson(list('z')) }, ['x', 'y', 'z']],
    ['with a list of one kind gives its items', { 'a.yaml': { ...list('x'), kind: 'ConfigMapList' } }, ['x']],
    ['without content gives nothing', { 'a.yaml': '', 'b.yml': '\n---\n', 'c.json': ' \n' }, []],
    ['with other letters in its extension is left alone', { 'a.YAML': named('a'), 'b.Json': '{}' }, []],
    ['that only ends like one is left alone', { 'a.yaml.tpl': '{{', myyaml: named('a') }, []],
    ['that is hidden counts', { '.a.yaml': named('a') }, ['a']],
    ['is skipped for its marker wherever it stands', { 'a.yaml': `${named('a')}# +argocd:skip-file-rendering\n` }, []],
    ['of JSON is skipped for its marker too', { 'a.json': '{"x": "+argocd:skip-file-rendering"' }, []],
    ['with a marker that is misspelt is not', { 'a.yaml': `# +argocd:skip-rendering\n${named('a')}` }, ['a']],
  ])('%s', async (_case, files, expected) => {
    expect(await names(files)).toEqual(expected);
  });
});

describe('a file that cannot be parsed', () => {
  const broken = 'data: {{ .Values.x }}: [\n';

  it.each<[string, string]>([
    ['no line of a manifest', broken],
    ['no metadata', `apiVersion: v1\nkind: ConfigMap\n${broken}`],
    ['no kind', `apiVersion: v1\nmetadata:\n${broken}`],
    ['no apiVersion', `kind: ConfigMap\nmetadata:\n${broken}`],
    ['these lines indented only', ` apiVersion: v1\n kind: ConfigMap\n metadata:\n${broken}`],
  ])('is passed over where it has %s, and the warning names it', async (_case, content) => {
    const { names: found, warnings } = await render({ 'bad-one.yaml': content, 'good.yaml': named('good') });
    expect(found).toEqual(['good']);
    expect(warnings).toEqual([expect.stringMatching(/^case-\d+\/bad-one\.yaml:\d+(:\d+)?: skipped, it is no YAML/)]);
  });

  it('is an error where it has apiVersion, kind and metadata, with the line', async () => {
    const content = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n${broken}`;
    await expect(names({ 'bad-one.yaml': content })).rejects.toThrow(/case-\d+\/bad-one\.yaml:5.* cannot be parsed/);
  });

  it.each<[string, string]>([
    ['broken JSON', '{"apiVersion": "v1",'],
    ['two objects in one JSON file', '{"apiVersion": "v1"} {"apiVersion": "v1"}'],
  ])('is an error where it is %s', async (_case, content) => {
    await expect(names({ 'bad-one.json': content })).rejects.toThrow(/case-\d+\/bad-one\.json/);
  });
});

describe('include and exclude', () => {
  const files: Files = Object.fromEntries(
    ['config.json', 'env-usw2/a.yaml', 'env-usw2/deep/b.yaml', 'env-use2/c.yaml', 'top.yaml'].map((path) => [
      path,
      stringifyJson(configMap(path.replace(/\W/g, '-'))),
    ]),
  );

  it.each<[Options, string[]]>([
    [{ include: '{config.json,env-usw2/*}' }, ['config-json', 'env-usw2-a-yaml', 'env-usw2-deep-b-yaml']],
    [{ exclude: '{config.json,env-use2/*}' }, ['env-usw2-a-yaml', 'env-usw2-deep-b-yaml', 'top-yaml']],
    [{ include: '*.yaml', exclude: 'env-*' }, ['top-yaml']],
    [{ include: '{env-{usw2,use2}/*.yaml}' }, ['env-use2-c-yaml', 'env-usw2-a-yaml', 'env-usw2-deep-b-yaml']],
    [{ include: 'env-us[ew]2/?.yaml' }, ['env-use2-c-yaml', 'env-usw2-a-yaml']],
    [{ include: '**/a.yaml' }, ['env-usw2-a-yaml']],
    [{ include: '', exclude: '' }, Object.keys(files).map((path) => path.replace(/\W/g, '-'))],
    [{ include: 'nothing' }, []],
  ])('%j choose by the whole path below the source folder', async (options, expected) => {
    expect((await names(files, { recurse: true, ...options })).toSorted()).toEqual(expected.toSorted());
  });

  it('choose among Jsonnet programs too', async () => {
    const program = (name: string) => stringifyJson(configMap(name));
    const programs = { 'a.jsonnet': program('a'), 'b.jsonnet': 'error "never evaluated"' };
    expect(await names(programs, { exclude: 'b.*' })).toEqual(['a']);
  });
});

describe('the combined size', () => {
  const files: Files = { 'a.yaml': named('a'), 'b.yaml': named('b') };
  const bytes = named('a').length + named('b').length;

  it('may be what the setting says, and no byte more', async () => {
    expect(await names(files, {}, { maxDirectoryBytes: bytes })).toEqual(['a', 'b']);
    await expect(names(files, {}, { maxDirectoryBytes: bytes - 1 })).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`maximum combined size of ${bytes - 1} bytes`),
        hint: expect.stringContaining('reposerver.max.combined.directory.manifests.size'),
      }),
    );
  });

  it('is that of the files that are chosen, without Jsonnet', async () => {
    const more = {
      ...files,
      'big.yaml': `# ${'x'.repeat(5_000)}\n`,
      'c.jsonnet': `// ${'x'.repeat(5_000)}\n{}[{x: 'x'}.y]`,
    };
    const programs = { 'c.jsonnet': `// ${'x'.repeat(5_000)}\n${stringifyJson(configMap('c'))}` };
    expect(await names(more, { exclude: '{big.yaml,c.jsonnet}' }, { maxDirectoryBytes: bytes })).toEqual(['a', 'b']);
    expect(await names({ ...files, ...programs }, {}, { maxDirectoryBytes: bytes })).toEqual(['a', 'b', 'c']);
  });
});

describe('symlinks', () => {
  it('to folders are not walked into, and are the source where its path leads through one', async () => {
    cases += 1;
    const folder = `case-${cases}`;
    rig.repository.write(`${folder}/real/deep/a.yaml`, named('a')).write(`${folder}/top.yaml`, named('top'));
    await symlink('real', join(rig.repository.folder, folder, 'alias'));
    await symlink('real', join(rig.repository.folder, folder, 'alias.yaml'));
    await rig.repository.commit();
    const at = async (path: string) => {
      const { objects, warnings } = await rig.render(path, {}, { source: { directory: { recurse: true } } });
      return { names: objects.map(({ metadata }) => metadata.name), warnings };
    };
    expect(await at(folder)).toEqual({
      names: ['a', 'top'],
      warnings: [`${folder}/alias.yaml: skipped, the symlink does not lead to a file`],
    });
    expect(await at(`${folder}/alias`)).toEqual({ names: ['a'], warnings: [] });
    expect(await at(`${folder}/alias/deep`)).toEqual({ names: ['a'], warnings: [] });
  });
});

describe('a Jsonnet program', () => {
  const data = async (files: Files, jsonnet: NonNullable<Options['jsonnet']>) =>
    (await render(files, { jsonnet })).objects[0]?.['data'];
  const object = (fields: string) => `{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}, data: ${fields}}`;

  it('gets text as it is, and code evaluated, both after substitution', async () => {
    const program = `function(t, c={n: 'default'}) ${object("{t: t, c: std.toString(c.n), e: std.extVar('e'), x: std.toString(std.extVar('x'))}")}`;
    const name = variable('ARGOCD_APP_NAME');
    const variables = {
      tlas: [
        { name: 't', value: '{n: 1}' },
        { name: 'c', value: `{n: std.length('${name}')}`, code: true },
      ],
      extVars: [
        { name: 'e', value: `"${name}" $$HOME = x` },
        { name: 'x', value: '[1 + 1, "$KUBE_VERSION"]', code: true },
      ],
    };
    expect(await data({ 'a.jsonnet': program }, variables)).toEqual({
      t: '{n: 1}',
      c: '9',
      e: '"guestbook" $HOME = x',
      x: '[2, ""]',
    });
  });

  it('names the variable that is missing, and code that is none', async () => {
    await expect(data({ 'a.jsonnet': object("{e: std.extVar('gone')}") }, {})).rejects.toThrow(/gone/);
    const extVars = [{ name: 'e', value: '1 +', code: true }];
    await expect(data({ 'a.jsonnet': object("{e: std.extVar('e')}") }, { extVars })).rejects.toThrow(
      /case-\d+\/a\.jsonnet/,
    );
  });

  it('finds imports beside itself, then in the libraries, the last one first as Argo CD does', async () => {
    cases += 1;
    const folder = `case-${cases}`;
    const files = {
      'one/lib.libsonnet': "'one'",
      'one/only.libsonnet': "'only'",
      'two/lib.libsonnet': "'two'",
      'app/a.jsonnet': object(
        "{lib: import 'lib.libsonnet', only: import 'only.libsonnet', near: import 'near.libsonnet'}",
      ),
      'app/near.libsonnet': "'near'",
      'two/near.libsonnet': "'far'",
    };
    for (const [path, content] of Object.entries(files)) rig.repository.write(`${folder}/${path}`, content);
    const directory = { jsonnet: { libs: [`${folder}/one`, `${folder}/two`] } };
    const { objects } = await rig.render(`${folder}/app`, {}, { source: { directory } });
    expect(objects[0]?.['data']).toEqual({ lib: 'two', only: 'only', near: 'near' });
  });

  it.each<[string, string, string[]]>([
    ['an array', `[${object('{}')}]`, ['a']],
    ['arrays in arrays', `[[[${object('{}')}], []], ${object('{}')}]`, ['a', 'a']],
    ['a List, expanded', `{apiVersion: 'v1', kind: 'List', items: [${object('{}')}]}`, ['a']],
    ['nothing', '[]', []],
    ['null', 'null', []],
  ])('may give %s', async (_case, program, expected) => {
    expect(await names({ 'p.jsonnet': program })).toEqual(expected);
  });

  it.each<[string, string]>([
    ['objects by their names', `{first: ${object('{}')}}`],
    ['text', "'text'"],
    ['a number in an array', '[1]'],
    ['an object without a name', "{apiVersion: 'v1', kind: 'ConfigMap'}"],
  ])('that gives %s is named', async (_case, program) => {
    await expect(names({ 'p.jsonnet': program })).rejects.toThrow(/case-\d+\/p\.jsonnet/);
  });
});
