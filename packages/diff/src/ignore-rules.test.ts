import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { deletePaths, respectIgnored } from './ignore-rules.ts';

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

it('deletes list entries from the end, so that the others keep their place', () => {
  const given = object({ list: ['a', 'b', 'c', 'd'] });
  const paths = [
    ['spec', 'list', 1],
    ['spec', 'list', 2],
  ];
  expect(deletePaths(given, paths)).toEqual(object({ list: ['a', 'd'] }));
});
