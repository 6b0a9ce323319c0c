import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { deletePaths } from './ignore-rules.ts';

const object = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec });

it('deletes list entries from the end, so that the others keep their place', () => {
  const given = object({ list: ['a', 'b', 'c', 'd'] });
  const paths = [
    ['spec', 'list', 1],
    ['spec', 'list', 2],
  ];
  expect(deletePaths(given, paths)).toEqual(object({ list: ['a', 'd'] }));
});
