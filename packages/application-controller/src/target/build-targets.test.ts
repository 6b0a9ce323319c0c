import { annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { configMap } from '../test-support/builders.ts';
import { tracking } from '../test-support/memory-live.ts';
import { buildTargets, placeTarget, scopesOf, shareUnchanged, type TargetFacts } from './build-targets.ts';

const facts: TargetFacts = {
  application: 'shop',
  tracking,
  namespace: 'web',
  scopeOf: async () => true,
};
const namespacedUnless =
  (...clusterScoped: string[]) =>
  ({ kind }: { kind: string }) =>
    kind === 'Widget' ? undefined : !clusterScoped.includes(kind);
const isNamespaced = namespacedUnless('ClusterRole', 'CustomResourceDefinition');

const at = (kind: string, namespace?: string, apiVersion = 'v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'a', ...(namespace ? { namespace } : {}) },
});
const place = (object: KubeObject, more: Partial<TargetFacts> = {}) =>
  placeTarget(object, { ...facts, ...more }, isNamespaced);

describe('a rendered object', () => {
  it.each([
    ['takes the namespace of the destination', at('ConfigMap'), 'web', 'web'],
    ['keeps its own namespace', at('ConfigMap', 'other'), 'web', 'other'],
    ['has none where the destination names none', at('ConfigMap'), '', ''],
    ['of the cluster loses its namespace', at('ClusterRole', 'other', 'rbac.authorization.k8s.io/v1'), 'web', ''],
    ['of an unknown kind is taken for namespaced', at('Widget', undefined, 'example.org/v1'), 'web', 'web'],
  ])('%s', (_case, object, namespace, expected) => {
    const { key, object: placed } = place(object, { namespace });
    expect(key.namespace).toBe(expected);
    expect(placed.metadata.namespace).toBe(expected || undefined);
  });

  it.each([
    ['with its own namespace', at('ConfigMap', 'other'), 'shop:/ConfigMap:other/a'],
    [
      'with that of the destination where it has none',
      at('ClusterRole', undefined, 'rbac.authorization.k8s.io/v1'),
      'shop:rbac.authorization.k8s.io/ClusterRole:web/a',
    ],
  ])('is tracked %s', (_case, object, id) => {
    expect(place(object).object.metadata.annotations?.[annotations.trackingId]).toBe(id);
  });

  it('is not tracked where it is the definition of a kind', () => {
    const { object } = place(at('CustomResourceDefinition', undefined, 'apiextensions.k8s.io/v1'));
    expect(object.metadata.annotations).toBeUndefined();
  });

  it('tells whether its kind is known', () => {
    expect([at('ConfigMap'), at('ClusterRole'), at('Widget')].map((object) => place(object).namespaced)).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it('leaves behind what only the server writes', () => {
    const object = { ...at('ConfigMap'), metadata: { name: 'a', uid: 'u', resourceVersion: '1', managedFields: [] } };
    expect(Object.keys(place(object).object.metadata).sort()).toEqual(['annotations', 'name', 'namespace']);
  });
});

describe('of several objects', () => {
  it('the last of those with one key wins, and the key is told', () => {
    const { targets, repeated } = buildTargets(
      [configMap('a', 'first'), configMap('b'), configMap('a', 'last')],
      facts,
      isNamespaced,
    );
    expect(targets.map(({ object }) => object['data'])).toEqual([{ key: '1' }, { key: 'last' }]);
    expect(repeated).toEqual([{ group: '', kind: 'ConfigMap', namespace: 'web', name: 'a' }]);
  });

  it('those of excluded kinds are left out, and told', () => {
    const excluded = { has: ({ kind }: { kind: string }) => kind === 'ConfigMap', text: '' };
    const built = buildTargets([configMap('a'), at('Secret')], { ...facts, excluded }, isNamespaced);
    expect(built.targets.map(({ key }) => key.kind)).toEqual(['Secret']);
    expect(built.excluded).toEqual([{ group: '', kind: 'ConfigMap', namespace: 'web', name: 'a' }]);
  });

  it('those without a name are never the same', () => {
    const hook = { ...at('Job', undefined, 'batch/v1'), metadata: { generateName: 'a-' } };
    const { targets, repeated } = buildTargets([hook, hook], facts, isNamespaced);
    expect([targets.length, repeated.length]).toEqual([2, 0]);
  });

  it('each kind is asked for once', async () => {
    const asked: string[] = [];
    const scopeOf = async ({ kind }: { kind: string }) => {
      asked.push(kind);
      return kind !== 'ClusterRole';
    };
    const scopes = await scopesOf([at('ConfigMap'), at('ConfigMap'), at('ClusterRole')], { ...facts, scopeOf });
    expect(asked).toEqual(['ConfigMap', 'ClusterRole']);
    expect([at('ConfigMap'), at('ClusterRole'), at('Secret')].map((object) => scopes(object))).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it('those that did not change keep their reference', () => {
    const build = (...values: string[]) =>
      buildTargets(
        values.map((value, index) => configMap(`c${index}`, value)),
        facts,
        isNamespaced,
      ).targets;
    const former = build('1', '2', '3');
    const shared = shareUnchanged(build('1', 'x', '3', 'new'), former);
    expect(shared.map((target, index) => target === former[index])).toEqual([true, false, true, false]);
  });

  it('one whose kind became known is a new one', () => {
    const [known] = buildTargets([configMap('a')], facts, () => true).targets;
    const [unknown] = buildTargets([configMap('a')], facts, () => undefined).targets;
    const shared = known && unknown && shareUnchanged([known], [unknown]);
    expect(shared).toEqual([known]);
  });
});
