import { expect, it } from 'vitest';
import { violation } from './rules.ts';

const edge = (from: string, specifier: string, isTest = false) => ({ from, specifier, isTest, file: 'x.ts' });

it.each([
  ['an import downward', edge('api-server', '@plumbline/cluster'), undefined],
  ['an import upward', edge('diff', '@plumbline/cluster'), /goes up/],
  ['a service importing a service', edge('api-server', '@plumbline/repo-server'), /services never/],
  ['a deep import', edge('api-server', '@plumbline/cluster/src/x.ts'), /public names/],
  ['a part that a package exports', edge('standalone', '@plumbline/render/plugin-server'), undefined],
  ['a part of a package above', edge('diff', '@plumbline/render/plugin-server'), /goes up/],
  ['a library at its own edge', edge('store', 'bullmq'), undefined],
  ['a library elsewhere', edge('api-server', 'bullmq'), /only store/],
  ['I/O in the pure layer', edge('sync', 'node:fs/promises'), /no I\/O/],
  ['hashing in the pure layer', edge('manifests', 'node:crypto'), undefined],
  ['a test using the test helpers', edge('git', '@plumbline/testing', true), undefined],
  ['a product file using the test helpers', edge('git', '@plumbline/testing'), /e2e only/],
  [
    'the composition root using the embedded control plane',
    edge('standalone', '@plumbline/embedded-cluster'),
    undefined,
  ],
])('judges %s', (_case, given, expected) => {
  const why = violation(given, new Set(['@plumbline/render/plugin-server']));
  if (expected === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(expected);
});
