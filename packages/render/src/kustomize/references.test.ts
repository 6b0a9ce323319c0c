import { expect, it } from 'vitest';
import { isRemote, referencesOf } from './references.ts';

it.each([
  ['https://github.com/a/b//c?ref=v1', true],
  ['github.com/a/b?ref=v1', true],
  ['git@github.com:a/b', true],
  ['ssh://git@host/a', true],
  ['git::https://host/a', true],
  ['host.example/a/b.git//c', true],
  ['host/org/_git/repo', true],
  ['../base', false],
  ['deployment.yaml', false],
  ['sub.github/x.yaml', false],
])('%s is remote: %s', (reference, expected) => {
  expect(isRemote(reference)).toBe(expected);
});

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
  });
  expect(references.resources).toEqual(['r.yaml', '../base', 'c']);
  expect(new Set(references.files)).toEqual(
    new Set([
      'p.yaml',
      's.yaml',
      'j.yaml',
      'rep.yaml',
      'f.txt',
      'g.txt',
      'e.env',
      'old.env',
      's.txt',
      'crd.json',
      'conf.yaml',
      'schema.json',
    ]),
  );
  expect(references).toMatchObject({ wholeFolder: false, everything: false });
});

it('takes the folder of plugins whole', () => {
  expect(referencesOf({ transformers: ['t.yaml'] })).toMatchObject({ wholeFolder: true, resources: ['t.yaml'] });
});
