import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { lostLists, withLostLists } from './lost-lists.ts';

const thing = (spec: object, apiVersion = 'example.org/v1'): KubeObject => ({
  apiVersion,
  kind: 'Thing',
  metadata: { name: 'a' },
  spec: spec as KubeObject['spec'],
});

it.each([
  [
    'an empty list that is not in the answer',
    { a: [], b: { c: [] } },
    { b: {} },
    [
      ['spec', 'a'],
      ['spec', 'b', 'c'],
    ],
  ],
  ['none that is', { a: [] }, { a: [] }, []],
  ['none with entries, and no empty map', { a: ['x'], b: {} }, {}, []],
])('finds %s', (_case, manifest, answer, expected) => {
  expect(lostLists(thing(manifest), thing(answer))).toEqual(expected);
});

it('finds none in kinds of the API server itself', () => {
  expect(lostLists(thing({ a: [] }, 'apps/v1'), thing({}, 'apps/v1'))).toEqual([]);
});

it('puts back those that have entries live: others the server does not know', () => {
  const lost = [
    ['spec', 'known'],
    ['spec', 'unknown'],
  ];
  expect(withLostLists(thing({}), thing({ known: ['x'] }), lost)).toEqual(thing({ known: [] }));
});
