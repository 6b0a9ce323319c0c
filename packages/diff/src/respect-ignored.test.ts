import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { respectIgnored, respectPaths } from './respect-ignored.ts';

const object = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec });
const rule = (jsonPointers: string[]) => ({ jsonPointers, jqPathExpressions: [], managedFieldsManagers: [] });

it.each([
  [
    'takes the live value',
    ['/spec/replicas'],
    object({ replicas: 1, image: 'b' }),
    object({ replicas: 4, image: 'b' }),
  ],
  ['drops what live does not have', ['/spec/image'], object({ replicas: 1, image: 'b' }), object({ replicas: 1 })],
  ['leaves the status alone', ['/status'], object({ replicas: 1 }), object({ replicas: 1 })],
])('respecting ignored differences %s', (_case, pointers, target, expected) => {
  expect(respectIgnored(target, object({ replicas: 4 }), [rule(pointers)])).toEqual(expected);
});

const main = { name: 'main', image: 'app:2' };
const side = { name: 'side', image: 'side:1' };
const list = (...list: object[]) => object({ list });

it.each([
  [
    'an entry that only the live list has, wherever it stands',
    { git: [main], live: [side, { name: 'main', image: 'app:1' }], ours: [], theirs: [['spec', 'list', 0]] },
    [side, main],
  ],
  [
    'a field of an entry that stands elsewhere',
    {
      git: [main, side],
      live: [{ name: 'side', image: 'side:9' }, main],
      ours: [['spec', 'list', 1, 'image']],
      theirs: [['spec', 'list', 0, 'image']],
    },
    [main, { name: 'side', image: 'side:9' }],
  ],
  [
    'no entry that is not live any more',
    { git: [main, side], live: [main], ours: [['spec', 'list', 1]], theirs: [] },
    [main],
  ],
  [
    'what is inside of a new entry from the source',
    { git: [main, side], live: [main], ours: [['spec', 'list', 1, 'image']], theirs: [] },
    [main, side],
  ],
  [
    'nothing inside of an entry that the source does not have',
    { git: [main], live: [main, side], ours: [], theirs: [['spec', 'list', 1, 'image']] },
    [main],
  ],
])('a sync that respects ignored paths keeps %s', (_case, { git, live, ours, theirs }, expected) => {
  expect(respectPaths({ target: list(...git), live: list(...live) }, { target: ours, live: theirs })).toEqual(
    list(...expected),
  );
});

it('tells entries by the keys that the server has for the list', () => {
  const fieldsV1 = { 'f:spec': { 'f:list': { 'k:{"port":80}': {}, 'k:{"port":443}': {} } } };
  const live = list({ port: 443, target: 1 }, { port: 80, target: 2 });
  const managedFields = [{ manager: 'x', operation: 'Update' as const, fieldsV1 }];
  const owned = { ...live, metadata: { name: 'a', managedFields } };
  const target = list({ port: 80, target: 5 });
  const paths = { target: [['spec', 'list', 0, 'target']], live: [['spec', 'list', 1, 'target']] };
  expect(respectPaths({ target, live: owned }, paths)).toEqual(list({ port: 80, target: 2 }));
});

it('makes a list of which only ignored entries are live', () => {
  const paths = { target: [], live: [['spec', 'list', 0]] };
  expect(respectPaths({ target: object({}), live: list(side) }, paths)).toEqual(list(side));
});

it('goes by position in a list of plain values', () => {
  const sides = { target: object({ list: ['a', 'b'] }), live: object({ list: ['a', 'x', 'y'] }) };
  const paths = [['spec', 'list', 1]];
  expect(respectPaths(sides, { target: paths, live: paths })).toEqual(object({ list: ['a', 'x'] }));
});
