import { expect, it } from 'vitest';
import { outOfReach } from './out-of-reach.ts';

const key = (namespace: string) => ({ group: '', kind: namespace ? 'ConfigMap' : 'Namespace', namespace, name: 'a' });

it.each([
  ['anything, without a list', key('x'), { namespaces: [], clusterResources: false }, undefined],
  ['a listed namespace', key('x'), { namespaces: ['x', 'y'], clusterResources: false }, undefined],
  ['another namespace', key('z'), { namespaces: ['x', 'y'], clusterResources: true }, /"z" for ConfigMap "a".*x, y/],
  ['cluster-scoped', key(''), { namespaces: ['x'], clusterResources: false }, /Cluster level Namespace "a"/],
  ['cluster-scoped, where that is allowed', key(''), { namespaces: ['x'], clusterResources: true }, undefined],
])('%s', (_case, resource, reach, expected) => {
  const problem = outOfReach(resource, { name: 'far', ...reach });
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});
