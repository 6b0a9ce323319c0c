import { type Application, ownAnnotations } from '@plumbline/apis';
import { describe, expect, test } from 'vitest';
import { dependenciesOf, dependencyCycle } from './dependencies.ts';

function app(name: string, dependsOn?: string): Application {
  const annotations: Record<string, string> = dependsOn === undefined ? {} : { [ownAnnotations.dependsOn]: dependsOn };
  const spec = { project: 'default', destination: {} };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', annotations },
    spec,
  };
}

describe('dependencies', () => {
  test('are names of the own namespace, or keys', () => {
    expect(dependenciesOf(app('a', ' b, other/c ,,'))).toEqual(['argocd/b', 'other/c']);
    expect(dependenciesOf(app('a'))).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[] | undefined]>([
    ['in a line', { a: 'b', b: 'c' }, undefined],
    ['in a diamond', { a: 'b,c', b: 'd', c: 'd' }, undefined],
    ['on itself', { a: 'a' }, ['argocd/a', 'argocd/a']],
    ['in a circle', { a: 'b', b: 'c', c: 'a' }, ['argocd/a', 'argocd/b', 'argocd/c', 'argocd/a']],
    ['on a circle of others', { a: 'b', b: 'c', c: 'b' }, undefined],
  ])('%s have the cycle %j', (_, edges, cycle) => {
    const apps = new Map(Object.entries(edges).map(([name, on]) => [`argocd/${name}`, app(name, on)]));
    expect(dependencyCycle('argocd/a', (key) => apps.get(key))).toEqual(cycle);
  });
});
