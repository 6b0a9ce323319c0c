import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { stringifyJson } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, type RenderOptions, type Rig, variable } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

async function names(options?: RenderOptions): Promise<string[]> {
  return (await rig.render(options)).list.map((object) => object.metadata.name ?? '').sort();
}
const withOptions = (directory: object) => ({ source: { directory } });

describe('files', () => {
  beforeEach(async () => {
    rig.repository
      .write('a.yaml', configMap('a'))
      .write('x/b.yml', configMap('b'))
      .write('x/y/c.json', stringifyJson(configMap('c')))
      .write('xx/d.manifest', configMap('d'))
      .write('folder.yaml/e.yaml', configMap('e'))
      .write('.hidden/f.yaml', configMap('f'));
    await rig.repository.commit();
  });

  it.each<[string, object, string[]]>([
    ['the top folder by default', {}, ['a']],
    ['all folders', { recurse: true }, ['a', 'b', 'c', 'e', 'f']],
    ['any extension', { recurse: true, disableExtensionFilter: true }, ['a', 'b', 'c', 'd', 'e', 'f']],
    ['only what is included; a star passes folders', { recurse: true, include: '*.json' }, ['c']],
    ['alternatives', { recurse: true, include: '{*.yml,x/y/*}' }, ['b', 'c']],
    ['not what is excluded', { recurse: true, exclude: 'x/*' }, ['a', 'e', 'f']],
    ['not what is excluded although included', { recurse: true, include: 'x/*', exclude: '*.yml' }, ['c']],
    ['characters of a set', { recurse: true, include: 'x/[ab].y?l' }, ['b']],
  ])('are %s', async (_case, directory, expected) => {
    expect(await names(withOptions(directory))).toEqual(expected);
  });

  it.each(['x', 'x/', './x', './x/.'])('are those of the path %s', async (path) => {
    expect(await names({ source: { path } })).toEqual(['b']);
  });

  it('are the inputs, and nothing else', async () => {
    expect(await rig.inputs({ source: { path: 'x', directory: { recurse: true } } })).toEqual([
      'x/b.yml',
      'x/y/c.json',
    ]);
  });
});

it('files that are no manifests are passed over with a warning, marked ones in silence', async () => {
  rig.repository
    .write('a.yaml', configMap('a'))
    .write('values.yaml', '{{ if .Values.x }}\nfoo: bar\n{{ end }}\n')
    .write('marked.yaml', '# +argocd:skip-file-rendering\napiVersion: [\n')
    .write('.argocd-source.yaml', 'directory: {recurse: false}\n');
  await rig.repository.commit();
  const { list, warnings } = await rig.render();
  expect(list.map(({ metadata }) => metadata.name)).toEqual(['a']);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/values\.yaml/);
});

it('broken manifests are an error that names the file', async () => {
  rig.repository.write(
    'sub/broken-file.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data: {wrong\n',
  );
  await rig.repository.commit();
  await expect(rig.render({ source: { path: 'sub' } })).rejects.toThrow(/sub\/broken-file\.yaml:5/);
});

it('odd file names, an empty folder and UTF-16 are read', async () => {
  const utf16 = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wide}\n', 'utf16le'),
  ]);
  rig.repository
    .write('with space.yaml', configMap('a'))
    .write('ünïcode.yaml', configMap('b'))
    .write('-dash.yaml', configMap('c'))
    .write('wide.yaml', utf16)
    .write('empty/README.md', 'nothing');
  await rig.repository.commit();
  expect(await names()).toEqual(['a', 'b', 'c', 'wide']);
  expect(await names({ source: { path: 'empty' } })).toEqual([]);
});

it('more bytes than the setting allows are refused', async () => {
  for (const name of ['a', 'b', 'c']) rig.repository.write(`${name}.yaml`, configMap(name, { x: 'y'.repeat(4000) }));
  await rig.repository.commit();
  await expect(rig.render({ settings: { maxDirectoryBytes: 10_000 } })).rejects.toThrow(
    /exceed the maximum combined size of 10000 bytes/,
  );
});

describe('symlinks', () => {
  const link = (target: string, path: string) => symlink(target, join(rig.repository.folder, path));

  it('inside the repository are followed, of files and of the source folder', async () => {
    rig.repository.write('real/a.yaml', configMap('a')).write('app/b.yaml', configMap('b'));
    await link('../real/a.yaml', 'app/link.yaml');
    await link('real', 'folder');
    await rig.repository.commit();
    expect(await names({ source: { path: 'app' } })).toEqual(['a', 'b']);
    expect(await names({ source: { path: 'folder' } })).toEqual(['a']);
  });

  it.each([
    ['/etc/hostname', 'link.yaml'],
    ['../outside.yaml', 'link.yaml'],
    ['deep/up/../../outside.yaml', 'link.yaml'],
    ['../../../etc', 'app/x'],
  ])('to %s at %s refuse the whole repository', async (target, path) => {
    rig.repository.write('app/a.yaml', configMap('a')).write('deep/er/b.yaml', configMap('b'));
    await link('..', 'deep/up');
    await link(target, path);
    await rig.repository.commit();
    await expect(rig.render({ source: { path: 'deep/er' } })).rejects.toThrow(/symlink.*(link\.yaml|app\/x)/);
  });

  it('that lead nowhere or in circles elsewhere do no harm', async () => {
    rig.repository.write('app/a.yaml', configMap('a'));
    await link('gone.yaml', 'app/gone-link.yaml');
    await link('circle', 'circle');
    await rig.repository.commit();
    const { list, warnings } = await rig.render({ source: { path: 'app' } });
    expect(list).toHaveLength(1);
    expect(warnings).toEqual(['app/gone-link.yaml: skipped, the symlink does not lead to a file']);
  });
});

describe('jsonnet', () => {
  const object = (data: string) => `{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}, data: ${data}}`;
  const data = async (options: RenderOptions) => (await rig.render(options)).objects['ConfigMap/a']?.['data'];

  it('gets variables as text and code, with the build environment', async () => {
    rig.repository.write(
      'a.jsonnet',
      `function(t) ${object("{e: std.extVar('e'), c: std.toString(std.extVar('c').n + 1), t: t}")}`,
    );
    await rig.repository.commit();
    const jsonnet = {
      extVars: [
        { name: 'e', value: '$ARGOCD_APP_NAME' },
        { name: 'c', value: '{n: 41}', code: true },
      ],
      tlas: [{ name: 't', value: `in-${variable('ARGOCD_APP_NAMESPACE')}` }],
    };
    expect(await data(withOptions({ jsonnet }))).toEqual({ e: 'guestbook', c: '42', t: 'in-target' });
  });

  it('imports from its folder, from libraries and from elsewhere in the repository, all of them inputs', async () => {
    rig.repository
      .write(
        'app/a.jsonnet',
        object("(import 'near.libsonnet') + (import 'lib.libsonnet') + {far: importstr '../far/far.txt'}"),
      )
      .write('app/near.libsonnet', "{near: 'n'} // import 'not.this'\n")
      .write('libs/lib.libsonnet', "local other = import 'other.libsonnet'; {lib: other.o}")
      .write('libs/other.libsonnet', "{o: 'o'}")
      .write('far/far.txt', 'far');
    await rig.repository.commit();
    const options = { source: { path: 'app', directory: { jsonnet: { libs: ['libs'] } } } };
    expect(await data(options)).toEqual({ near: 'n', lib: 'o', far: 'far' });
    expect(await rig.inputs(options)).toEqual([
      'app/a.jsonnet',
      '!app/lib.libsonnet',
      'app/near.libsonnet',
      'far/far.txt',
      'libs/lib.libsonnet',
      'libs/other.libsonnet',
    ]);
  });

  it('gives lists, nested ones too', async () => {
    rig.repository.write('a.jsonnet', `[${object('{}')}, [${object('{}')}], []]`);
    await rig.repository.commit();
    expect(await names()).toEqual(['a', 'a']);
  });

  it('names file and reason of an error', async () => {
    rig.repository.write('wrong.jsonnet', "{\n  a: error 'no port given',\n}");
    await rig.repository.commit();
    await expect(rig.render()).rejects.toThrow(/no port given[\s\S]*wrong\.jsonnet:2/);
  });

  it('is left out when it is switched off', async () => {
    rig.repository.write('wrong.jsonnet', 'error "x"').write('a.yaml', configMap('a'));
    await rig.repository.commit();
    expect(await names({ settings: { enabled: { kustomize: true, helm: true, jsonnet: false } } })).toEqual(['a']);
  });

  it.each([
    ["importstr '/etc/hostname'", {}],
    ["importstr '../../../../../etc/hostname'", {}],
    ["importstr 'link/../../x'", {}],
    ["importstr '\\u002fetc/hostname'", {}],
    ["importstr @'/etc/hostname'", {}],
    ["''", { libs: ['../../../etc'] }],
  ])('cannot read outside the repository: %s', async (expression, jsonnet) => {
    rig.repository.write('a.jsonnet', object(`{x: ${expression}}`)).write('deep/er/x.txt', 'x');
    await symlink('deep/er', join(rig.repository.folder, 'link'));
    await rig.repository.commit();
    await expect(rig.render(withOptions({ jsonnet }))).rejects.toThrow(
      expect.objectContaining({ code: 'RENDER_PATH_OUTSIDE' }),
    );
  });
});
