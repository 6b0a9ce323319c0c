import { describe, expect, it } from 'vitest';
import { deepEqual } from './deep-equal.ts';
import { imagesOf } from './images.ts';
import { compareByKind, kindRank } from './kind-order.ts';
import { annotation, label } from './metadata.ts';
import { parseManifests } from './parse-manifests.ts';
import { keyOf, keyString, parseKeyString } from './resource-key.ts';
import { fixture } from './test-support/fixture.ts';
import type { KubeObject } from './types.ts';

describe('equality', () => {
  it.each([
    [1, 1, true],
    [5n, 5, true],
    [5, 5n, true],
    [9007199254740993n, 9007199254740992, false],
    [5n, 5.5, false],
    [1, '1', false],
    [null, {}, false],
    [null, undefined, false],
    [{}, [], false],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{ a: undefined }, { b: undefined }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ toString: 1 }, {}, false],
    [{ a: undefined, b: 1 }, { a: 1, b: undefined }, false],
    [[1, [2, { a: 3n }]], [1, [2, { a: 3 }]], true],
    [[1, 2], [2, 1], false],
    [[1], [1, undefined], false],
  ])('%o and %o: %s', (a, b, expected) => {
    expect(deepEqual(a, b)).toBe(expected);
    expect(deepEqual(b, a)).toBe(expected);
  });
});

describe('the order of kinds', () => {
  const object = (kind: string, name: string): KubeObject => ({ apiVersion: 'v1', kind, metadata: { name } });

  it('puts Namespaces first, unknown kinds last, then goes by name', () => {
    const objects = [
      object('Widget', 'a'),
      object('Deployment', 'b'),
      object('Deployment', 'a'),
      object('Namespace', 'z'),
    ];
    const sorted = objects.toSorted(compareByKind).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(sorted).toEqual(['Namespace/z', 'Deployment/a', 'Deployment/b', 'Widget/a']);
  });

  it('ranks known kinds below zero in the order they are created in', () => {
    const kinds = [
      'Namespace',
      'Secret',
      'ConfigMap',
      'CustomResourceDefinition',
      'Role',
      'Service',
      'Job',
      'APIService',
    ];
    const ranks = kinds.map(kindRank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBe(kinds.length);
    expect([kindRank('APIService'), kindRank('Widget')]).toEqual([-1, 0]);
  });
});

it('images are those of all containers of pods, workloads and cron jobs, each once, sorted', () => {
  const { objects } = parseManifests(fixture('images/workloads.yaml'), { file: 'workloads.yaml' });
  expect(objects.map(imagesOf)).toEqual([['a:1', 'b:1', 'debug:1', 'init:1'], ['a:2'], ['a:3'], [], []]);
});

it('annotations and labels are texts or absent', () => {
  const annotations = { a: '1', b: true } as unknown as Record<string, string>;
  const object = { metadata: { annotations, labels: null } };
  expect(['a', 'b', 'toString'].map((key) => annotation(object, key))).toEqual(['1', undefined, undefined]);
  expect(label(object, 'a')).toBeUndefined();
});

it('a resource key survives its text', () => {
  const key = keyOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a:b', namespace: 'ns' } });
  expect(parseKeyString(keyString(key))).toEqual(key);
  expect(keyString(key)).toBe('apps/Deployment/ns/a:b');
});
