import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataOf, withHelm } from '../test-support/chart.ts';
import { createRig, type Rig } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

async function commitChart(template: string, values: object = {}): Promise<void> {
  await rig.repository
    .write('app/Chart.yaml', { apiVersion: 'v2', name: 'app', version: '1.0.0' })
    .write('app/values.yaml', { ...values })
    .write('app/README.md', 'one')
    .write('app/ci/test-values.yaml', 'a: 1\n')
    .write('app/templates/a.yaml', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: ${template}}\n`)
    .write('app/charts/sub/Chart.yaml', { apiVersion: 'v2', name: 'sub', version: '1.0.0' })
    .write('app/charts/sub/notes.txt', 'note')
    .write('app/charts/sub/templates/b.yaml', configMap('b'))
    .commit();
}

/** Whether a change of the chart's README renders it again. */
async function heedsReadme(helm: object = {}): Promise<boolean> {
  const { digest } = await rig.trace(withHelm(helm, 'app'));
  await rig.repository.write('app/README.md', 'two').commit();
  return (await rig.trace(withHelm(helm, 'app'))).digest !== digest;
}

describe('a chart', () => {
  it('has those of its files for inputs that Helm reads, when no template reads others', async () => {
    await commitChart('"{{ .Values.a }}"');
    expect(await rig.inputs(withHelm({}, 'app'))).toEqual([
      'app/Chart.yaml',
      'app/charts/sub/Chart.yaml',
      'app/charts/sub/templates',
      'app/templates',
      'app/values.yaml',
    ]);
    expect(Object.keys((await rig.render(withHelm({}, 'app'))).objects)).toEqual(['ConfigMap/b', 'ConfigMap/a']);
    expect(await heedsReadme()).toBe(false);
  });

  it('renders again when a file appears that Helm reads', async () => {
    await commitChart('"{{ .Values.a }}"');
    const { digest } = await rig.trace(withHelm({}, 'app'));
    await rig.repository.write('app/crds/crd.yaml', configMap('crd')).commit();
    expect((await rig.trace(withHelm({}, 'app'))).digest).not.toBe(digest);
  });

  it.each<[string, string, object, object]>([
    ['reads files of any name', '{{ .Files.Get (print "README" ".md") | quote }}', {}, {}],
    ['reads files that a file names', '{{ tpl (.Files.Get "README.md") . }}', {}, {}],
    ['reads files of its folder by a glob', '{{ (.Files.Glob "*.md").AsConfig | quote }}', {}, {}],
    ['finds its files by a name', '{{ (index . "Files").Get "README.md" | quote }}', {}, {}],
    ['writes out everything that it sees', '{{ $ | toYaml | quote }}', {}, {}],
    ['evaluates values of its own that do', '{{ tpl .Values.t . }}', { t: '{{ .Files.Get "README.md" }}' }, {}],
    [
      'evaluates values of the source that do',
      '{{ tpl .Values.t . }}',
      {},
      { values: 't: \'{{ .Files.Get "README.md" }}\'' },
    ],
  ])('whose template %s has the whole folder for input', async (_case, template, values, helm) => {
    await commitChart(template, values);
    expect(await rig.inputs(withHelm(helm, 'app'))).toEqual(['app']);
    expect(dataOf(await rig.render(withHelm(helm, 'app')), 'a')['x']).toContain(template.includes('$') ? 'app' : 'one');
    expect(await heedsReadme(helm)).toBe(true);
  });

  it.each([
    ['a file', '{{ .Files.Get "README.md" | quote }}'],
    ['files by a glob', '{{ (.Files.Glob "conf/*.md").AsConfig | quote }}'],
  ])('whose templates name %s has that for input, and not its other files', async (_case, template) => {
    rig.repository.write('app/conf/a.md', 'one');
    await commitChart(template);
    const { objects } = await rig.render(withHelm({}, 'app'));
    expect(String(objects['ConfigMap/a']?.['data']?.['x' as never])).toContain('one');
    const digest = async () => (await rig.trace(withHelm({}, 'app'))).digest;
    const before = await digest();
    await rig.repository.write('app/ci/test-values.yaml', 'a: 2\n').commit();
    expect(await digest()).toBe(before);
    await rig.repository.write('app/README.md', 'two').write('app/conf/a.md', 'two').commit();
    expect(await digest()).not.toBe(before);
  });

  it('with symlinks has what they lead to for input, and it is there', async () => {
    await commitChart('"{{ .Values.a }}"');
    rig.repository.write('shared/c.yaml', configMap('linked', { value: 'one' }));
    await symlink('../../shared/c.yaml', join(rig.repository.folder, 'app/templates/c.yaml'));
    await rig.repository.commit();
    expect(await rig.inputs(withHelm({}, 'app'))).toEqual(['app', 'shared/c.yaml']);
    expect(dataOf(await rig.render(withHelm({}, 'app')), 'linked')).toEqual({ value: 'one' });
    await rig.repository.write('shared/c.yaml', configMap('linked', { value: 'two' })).commit();
    expect(dataOf(await rig.render(withHelm({}, 'app')), 'linked')).toEqual({ value: 'two' });
  });
});

it('value files found by a glob are inputs one by one', async () => {
  await commitChart('"{{ .Values.a }}"');
  await rig.repository.write('values/env-a.yaml', 'a: 1\n').write('values/notes.md', 'x').commit();
  const options = withHelm({ valueFiles: ['/values/env-*.yaml'] }, 'app');
  const { digest } = await rig.trace(options);
  await rig.repository.write('values/notes.md', 'y').commit();
  expect((await rig.trace(options)).digest).toBe(digest);
  await rig.repository.write('values/env-b.yaml', 'a: 2\n').commit();
  expect((await rig.trace(options)).digest).not.toBe(digest);
  expect(dataOf(await rig.render(options), 'a')).toEqual({ x: '2' });
});
