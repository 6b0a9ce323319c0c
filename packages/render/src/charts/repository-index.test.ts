import { describe, expect, it } from 'vitest';
import { allCharts, chartEntries } from './repository-index.ts';

const digest = 'a'.repeat(64);
const entry = (version: string, indent: string) =>
  `${indent}- apiVersion: v2\n${indent}  description: "entries:\\n  other:"\n${indent}  digest: ${digest}\n${indent}  urls:\n${indent}  - thing-${version}.tgz\n${indent}  version: ${version}\n`;

const forms: [string, string][] = [
  [
    'as Helm writes it',
    `apiVersion: v1\nentries:\n  other:\n${entry('9.0.0', '  ')}  thing:\n${entry('1.0.0', '  ')}${entry('2.0.0', '  ')}generated: "2024"\n`,
  ],
  [
    'indented further',
    `entries:\n    thing:\n${entry('1.0.0', '      ')}${entry('2.0.0', '      ')}    zother:\n${entry('9.0.0', '      ')}`,
  ],
  ['with a quoted name', `entries:\n  "thing":\n${entry('1.0.0', '  ')}${entry('2.0.0', '  ')}`],
  [
    'as JSON',
    JSON.stringify({
      entries: {
        thing: [
          { version: '1.0.0', urls: ['thing-1.0.0.tgz'], digest },
          { version: '2.0.0', urls: ['thing-2.0.0.tgz'], digest: `sha256:${digest}` },
        ],
      },
    }),
  ],
  [
    'with an alias of another part',
    `urls: &u [thing-1.0.0.tgz]\nentries:\n  thing:\n  - {version: 1.0.0, digest: ${digest}, urls: *u}\n  - {version: 2.0.0, digest: ${digest}, urls: [thing-2.0.0.tgz]}\n`,
  ],
];

describe('an index', () => {
  it.each(forms)('is read %s', (_form, text) => {
    expect(chartEntries(text, 'thing', 'https://charts.example/index.yaml')).toEqual([
      { version: '1.0.0', urls: ['thing-1.0.0.tgz'], digest },
      { version: '2.0.0', urls: ['thing-2.0.0.tgz'], digest },
    ]);
    expect(chartEntries(text, 'constructor', 'https://charts.example/index.yaml')).toBeUndefined();
  });

  it.each(['<html>not found</html>', '- a', 'entries: []', 'a: [b'])('is refused where it is none: %s', (text) => {
    expect(() => chartEntries(text, 'thing', 'https://charts.example/index.yaml')).toThrow(
      /https:\/\/charts.example\/index.yaml is no index/,
    );
  });

  it('of many charts is read fast', () => {
    const charts = Array.from({ length: 20_000 }, (_, index) => `  chart-${index}:\n${entry('1.0.0', '  ')}`).join('');
    const started = performance.now();
    expect(chartEntries(`entries:\n${charts}`, 'chart-19999', 'u')).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe('allCharts', () => {
  it.each(forms)('lists every chart with its versions %s', (_, text) => {
    const charts = allCharts(text, 'https://charts.example/index.yaml');
    expect(charts).toContainEqual({ name: 'thing', versions: ['1.0.0', '2.0.0'] });
  });

  it('finds none in an empty index', () => {
    expect(allCharts('apiVersion: v1\nentries: {}\n', 'u')).toEqual([]);
    expect(() => allCharts('a list', 'u')).toThrow(/no index/);
  });
});
