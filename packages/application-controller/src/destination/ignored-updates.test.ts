import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { isIgnoredUpdate } from './ignored-updates.ts';
import { parsePlainPath, pathsOf } from './plain-path.ts';

const before: KubeObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'a', namespace: 'x', resourceVersion: '1', annotations: { 'last/seen': '1', keep: '1' } },
  spec: {
    metrics: [
      { type: 'a', at: 1 },
      { type: 'b', at: 1 },
    ],
  },
};

function given(rule: Record<string, string[]>, { enabled = true, differences = false, kind = before.kind } = {}) {
  const spec = { group: 'autoscaling', kind, ...rule };
  return {
    live: {
      respectRbac: undefined,
      auditMs: 0,
      customLabels: [],
      nodeLabels: [],
      ignoreUpdates: { enabled, rules: differences ? [] : [spec], ignoreDifferences: differences },
    },
    ignoreDifferences: differences ? [spec] : [],
  };
}

const annotated = (more: Record<string, string>): KubeObject => ({
  ...before,
  metadata: { ...before.metadata, resourceVersion: '2', generation: 2, annotations: { keep: '1', ...more } },
});
const seen = annotated({ 'last/seen': '2' });
const pointer = { jsonPointers: ['/metadata/annotations/last~1seen'] };

describe('a change of a managed object', () => {
  it.each([
    ['of a field that a pointer names is ignored', seen, given(pointer), true],
    ['of that and another field is not', annotated({ 'last/seen': '2', keep: '2' }), given(pointer), false],
    ['of a path in jq is ignored', seen, given({ jqPathExpressions: ['.metadata.annotations["last/seen"]'] }), true],
    [
      'of entries of a list is ignored',
      {
        ...before,
        spec: {
          metrics: [
            { type: 'a', at: 2 },
            { type: 'b', at: 3 },
          ],
        },
      },
      given({ jqPathExpressions: ['.spec.metrics[].at'] }),
      true,
    ],
    ['counts where the rule is for another kind', seen, given(pointer, { kind: 'Other' }), false],
    ['counts where suppression is switched off', seen, given(pointer, { enabled: false }), false],
    ['of what ignoreDifferences names is ignored', seen, given(pointer, { differences: true }), true],
    ['counts where the expression is more than a path', seen, given({ jqPathExpressions: ['.a | select(.b)'] }), false],
  ])('%s', (_case, after, rules, expected) => {
    expect(isIgnoredUpdate(before, after as KubeObject, rules)).toBe(expected);
  });
});

describe('a plain path', () => {
  it.each([
    ['.a.b', [['a', 'b']]],
    ['."x/y"[0].z', [['x/y', 0, 'z']]],
    ['.a[]?.b', [['a', { all: true }, 'b']]],
    ['.a | .b', undefined],
    ['', undefined],
  ])('%s', (text, expected) => expect(parsePlainPath(text)).toEqual(expected));

  it('leads to every place that is there', () => {
    expect(pathsOf({ a: [{ b: 1 }, { c: 1 }, { b: 2 }] }, ['a', { all: true }, 'b'])).toEqual([
      ['a', '0', 'b'],
      ['a', '2', 'b'],
    ]);
  });
});
