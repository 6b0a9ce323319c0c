import type { ObjectReader, TreeEntry } from '@plumbline/git';
import { expect, it } from 'vitest';
import { createDiscoveryMatcher, type DiscoveryPattern } from './discovery-pattern.ts';

const file = (name: string): TreeEntry => ({ name, kind: 'blob', oid: name, executable: false });
const folder = (name: string): TreeEntry => ({ name, kind: 'tree', oid: name, executable: false });
const trees: Record<string, TreeEntry[]> = {
  root: [file('.hidden.yaml'), file('Chart.yaml'), folder('charts')],
  charts: [file('a.tgz'), folder('deep')],
  deep: [file('values.toml')],
};

/** The trees above; counts what is read. */
function reader(): { trees: Pick<ObjectReader, 'readTree'>; read: string[] } {
  const read: string[] = [];
  return {
    read,
    trees: {
      async readTree(oid) {
        read.push(oid);
        return trees[oid] ?? [];
      },
    },
  };
}

const matches = (kind: DiscoveryPattern['kind'], pattern: string) =>
  createDiscoveryMatcher().matches(reader().trees, 'root', { kind, pattern });

it.each<[DiscoveryPattern['kind'], string, boolean]>([
  ['fileName', 'Chart.yaml', true],
  ['fileName', './Chart.yaml', true],
  ['fileName', './*.yaml', true],
  ['fileName', 'chart.yaml', false],
  ['fileName', 'a.tgz', false],
  ['fileName', 'charts/*.tgz', true],
  ['fileName', 'charts', true],
  ['fileName', '**/values.toml', false],
  ['fileName', '{Chart,x}.yaml', false],
  ['glob', '**/Chart.yaml', true],
  ['glob', '**/values.toml', true],
  ['glob', '*/values.toml', false],
  ['glob', '*/*/values.toml', true],
  ['glob', '{x,Chart}.yaml', true],
  ['glob', '.hid*', true],
  ['glob', '**/*.jsonnet', false],
])('%s %s: %s', async (kind, pattern, expected) => {
  expect(await matches(kind, pattern)).toBe(expected);
});

it('reads no deeper than a match can lie, and a folder once', async () => {
  const matcher = createDiscoveryMatcher();
  const { trees: source, read } = reader();
  const pattern = { kind: 'fileName', pattern: '*.toml' } as const;
  expect(await matcher.matches(source, 'root', pattern)).toBe(false);
  expect(await matcher.matches(source, 'root', pattern)).toBe(false);
  expect(read).toEqual(['root']);
});
