import { expect, it } from 'vitest';
import { mapReferences, referencesOf } from './references.ts';

it('finds every kind of file that a kustomization names', () => {
  const references = referencesOf({
    resources: ['r.yaml'],
    bases: ['../base'],
    components: ['c'],
    patches: [{ path: 'p.yaml' }, { patch: 'inline' }],
    patchesStrategicMerge: ['s.yaml', 'apiVersion: v1\nkind: X\n'],
    patchesJson6902: [{ path: 'j.yaml' }],
    replacements: [{ path: 'rep.yaml' }],
    configMapGenerator: [{ files: ['f.txt', 'k=g.txt'], envs: ['e.env'], env: 'old.env' }],
    secretGenerator: [{ files: ['s.txt'] }],
    crds: ['crd.json'],
    configurations: ['conf.yaml'],
    openapi: { path: 'schema.json' },
    helmCharts: [{ name: 'c', valuesFile: 'v.yaml', additionalValuesFiles: ['w.yaml'] }],
  });
  expect(references.resources).toEqual(['r.yaml', '../base', 'c']);
  expect([...references.files].sort()).toEqual(
    'conf.yaml crd.json e.env f.txt g.txt j.yaml old.env p.yaml rep.yaml s.txt s.yaml schema.json v.yaml w.yaml'.split(
      ' ',
    ),
  );
});

it('tells plugins in files from those that are written in the kustomization', () => {
  const { plugins, inlinePlugins } = referencesOf({ generators: ['g.yaml'], transformers: ['kind: X\nname: y\n'] });
  expect({ plugins, inlinePlugins }).toEqual({ plugins: ['g.yaml'], inlinePlugins: ['kind: X\nname: y\n'] });
});

it('keeps the key of a generated file when its path changes', () => {
  const kustomization = { configMapGenerator: [{ name: 'a', files: ['https://h/x.txt', 'k=https://h/y', 'z.txt'] }] };
  const change = (path: string) => (path.startsWith('https:') ? 'local' : path);
  expect(mapReferences(kustomization, change)).toEqual({
    configMapGenerator: [{ name: 'a', files: ['x.txt=local', 'k=local', 'z.txt'] }],
  });
});

it.each([
  [{ name: 'c' }, {}, 'charts/c'],
  [{ name: 'c', version: '1.0.0' }, {}, 'charts/c'],
  [{ name: 'c', version: '1.0.0', repo: 'https://charts.test' }, {}, 'charts/c-1.0.0/c'],
  [{ name: 'c', repo: 'https://charts.test' }, { chartHome: '../own' }, '../own/c'],
])('expects the chart %j with %j in %s', (chart, helmGlobals, folder) => {
  expect(referencesOf({ helmCharts: [chart], helmGlobals }).charts.map((entry) => entry.folder)).toEqual([folder]);
});
