import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRig, type Rig } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
  rig.repository
    .write('app/kustomization.yaml', 'resources:\n- a.yaml\npatches:\n- path: patch.yaml\n')
    .write('app/a.yaml', configMap('a'))
    .write('app/patch.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  b: c\n')
    .write('generated/kustomization.yaml', 'configMapGenerator:\n- name: a\n  files:\n  - a.yaml\n')
    .write('generated/a.yaml', 'a: 1\n')
    .write('both/kustomization.yaml', 'resources:\n- a.yaml\nconfigMapGenerator:\n- name: b\n  files:\n  - a.yaml\n')
    .write('both/a.yaml', configMap('a'))
    .write('plain/a.yaml', configMap('a'))
    .write('chart/Chart.yaml', 'apiVersion: v2\nname: c\nversion: 1.0.0\n')
    .write('chart/values.yaml', 'a: 1\n')
    .write('chart/more.yaml', 'b: 1\n')
    .write(
      'chart/templates/a.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "{{ .Values.a }}"}\n',
    );
  await rig.repository.commit();
});
afterEach(() => rig[Symbol.asyncDispose]());

const source = (path: string) =>
  path === 'chart' ? { source: { path, helm: { valueFiles: ['more.yaml'] } } } : { source: { path } };

/** Whether the change makes the Application of the file's folder render again. */
async function rendersAgain(file: string, change: (text: string) => string): Promise<boolean> {
  const path = file.slice(0, file.indexOf('/'));
  const before = await rig.trace(source(path));
  rig.repository.write(file, change(await readFile(join(rig.repository.folder, file), 'utf8')));
  await rig.repository.commit();
  const after = await rig.trace(source(path));
  expect(after.inputs).not.toEqual(before.inputs);
  return before.digest !== after.digest;
}

const commented = (text: string) => `# what it is for\n${text}\n# end\n`;

it.each([
  'app/kustomization.yaml',
  'app/a.yaml',
  'app/patch.yaml',
  'plain/a.yaml',
  'chart/values.yaml',
  'chart/more.yaml',
  'chart/Chart.yaml',
])('renders nothing again for a comment in %s', async (file) => {
  expect(await rendersAgain(file, commented)).toBe(false);
});

it.each([
  ['a file that a generator takes', 'generated/a.yaml'],
  ['one that is a resource and that a generator takes', 'both/a.yaml'],
  ['a template', 'chart/templates/a.yaml'],
])('renders again for a comment in %s', async (_what, file) => {
  expect(await rendersAgain(file, commented)).toBe(true);
});

it('renders again for the comment that makes a file be passed over', async () => {
  expect(await rendersAgain('plain/a.yaml', (text) => `# +argocd:skip-file-rendering\n${text}`)).toBe(true);
});

it('renders again for a value, comments or not', async () => {
  expect(await rendersAgain('app/patch.yaml', (text) => commented(text.replace('b: c', 'b: d')))).toBe(true);
});
