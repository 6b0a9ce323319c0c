import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { canonicalDuration } from './known-types.ts';
import { normalize } from './normalize.ts';
import { canonicalQuantity, sameQuantity } from './quantity.ts';

describe('quantities', () => {
  it.each([
    ['1', '1000m'],
    [1, '1'],
    ['0.5', '500m'],
    ['1Gi', '1024Mi'],
    ['1Gi', '1073741824'],
    ['2e3', '2k'],
    ['1.5Gi', '1536Mi'],
    ['100n', '0.1u'],
    ['-1', '-1000m'],
  ])('%j and %j are one', (a, b) => {
    expect(sameQuantity(a, b)).toBe(true);
    expect(canonicalQuantity(a)).toBe(canonicalQuantity(b));
  });

  it.each([
    ['1', '2'],
    ['1G', '1Gi'],
    ['a', 'a'],
    ['', ''],
  ])('%j and %j are not', (a, b) => {
    expect(sameQuantity(a, b)).toBe(false);
  });

  it('have one plain spelling', () => {
    expect(['1000m', '0.50', '1Ki', '10', '-5m'].map(canonicalQuantity)).toEqual(['1', '0.5', '1024', '10', '-0.005']);
  });
});

it.each([
  ['90s', '1m30s', true],
  ['1h', '60m0s', true],
  ['1.5s', '1500ms', true],
  ['1h', '1m', false],
])('the durations %s and %s are one: %s', (a, b, same) => {
  expect(canonicalDuration(a) === canonicalDuration(b)).toBe(same);
});

describe('fields of known types', () => {
  const widget = (spec: object): KubeObject => ({
    apiVersion: 'example.org/v1',
    kind: 'Widget',
    metadata: { name: 'a' },
    spec,
  });
  const known = (field: string, type: string) => ({
    knownTypes: [{ group: 'example.org', kind: 'Widget', field, type }],
  });

  it.each([
    ['a quantity', { size: '1000m' }, { size: '1' }, known('size', 'core/Quantity')],
    ['a duration', { wait: '60s' }, { wait: '1m0s' }, known('wait', 'meta/v1/Duration')],
    [
      'entries of a list',
      { parts: [{ size: '1Ki' }] },
      { parts: [{ size: 1024 }] },
      known('parts.size', 'core/Quantity'),
    ],
    [
      'a pod with its resources and empty fields',
      { pod: { containers: [{ name: 'a', resources: { limits: { cpu: '1000m' } }, env: [] }] } },
      { pod: { containers: [{ name: 'a', resources: { limits: { cpu: 1 } } }] } },
      known('pod', 'core/v1/PodSpec'),
    ],
  ])('are compared as %s', (_case, one, other, { knownTypes }) => {
    const inSpec = { knownTypes: knownTypes.map((rule) => ({ ...rule, field: `spec.${rule.field}` })) };
    expect(normalize(widget(one), inSpec)).toEqual(normalize(widget(other), inSpec));
    expect(normalize(widget(one))).not.toEqual(normalize(widget(other)));
  });

  it('do not concern other kinds', () => {
    const other = { ...widget({ size: '1000m' }), kind: 'Gadget' };
    expect(normalize(other, known('spec.size', 'core/Quantity'))).toEqual(other);
  });
});

it.each([
  ['are nothing where they are gathered and settings say so', true, { clusterRoleSelectors: [] }, undefined],
  ['count where settings do not say so', false, { clusterRoleSelectors: [] }, ['a']],
  ['count where nothing gathers them', true, undefined, ['a']],
])('the rules of a ClusterRole %s', (_case, ignoreAggregatedRules, aggregationRule, expected) => {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'a' },
    ...(aggregationRule ? { aggregationRule } : {}),
    rules: ['a'],
  };
  expect(normalize(role, { ignoreAggregatedRules })['rules']).toEqual(expected);
});
