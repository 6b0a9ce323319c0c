import { expect, it } from 'vitest';
import type { Figures } from './figures.ts';
import { report } from './report.ts';
import { table } from './table.ts';

const floor = { name: 'floor', title: 'floor', unit: 'floor', cost: { wall: 2 } } as const;

const figures: Figures = {
  apps: 100,
  bare: 0.004,
  rows: [
    floor,
    {
      name: 'first-sync',
      title: 'first sync',
      unit: 'floor',
      cost: {
        wall: 7,
        cpu: 3,
        memory: 250.4,
        kubeRequests: new Map([
          ['apply', 500],
          ['patch', 300],
        ]),
        redisBytes: 3 * 1024 * 1024,
      },
    },
    { name: 'drift-p50', title: 'drift', unit: 'bare', cost: { wall: 0.04 } },
  ],
};

it('every figure stands beside its ratio and its goal', () => {
  const [, , , sync = '', drift = ''] = report(figures).split('\n');
  expect(sync.split(/ {2,}/)).toEqual([
    'first sync',
    '7.0 s',
    '3.5 F',
    '≤ 4 F',
    '3.0 s',
    '1.5 F',
    '≤ 5 F',
    '250 MiB',
    '800',
    '3.0 MiB',
  ]);
  expect(drift.split(/ {2,}/)).toEqual(['drift', '40 ms', '10.0 ×', '≤ 15 ×']);
});

it('the units and the memory at the peak are told below the table', () => {
  const text = report(figures);
  expect(text).toContain('F = 2.0 s: the objects of 100 applications');
  expect(text).toContain('× = 4 ms: one bare PATCH and GET.');
  expect(text).toContain('Memory at the peak: 250 MiB (goal 300 MiB).');
});

it('without the floor there are no ratios', () => {
  const [, , ...rows] = figures.rows;
  const text = report({
    apps: 1,
    rows: [...rows, { name: 'delete', title: 'deletion', unit: 'floor', cost: { wall: 3 } }],
  });
  expect(text).toContain('No ratios');
  expect(text.split('\n').find((line) => line.startsWith('deletion'))).toMatch(
    /^deletion +3\.0 s +≤ 2\.5 F +≤ 0\.9 F$/,
  );
});

it('columns are as wide as their widest cell, the first to the left, the others to the right', () => {
  expect(table([['name', 'x'], ['a', '1.5 ×'], ['longer']]).split('\n')).toEqual([
    'name        x',
    '──────  ─────',
    'a       1.5 ×',
    'longer',
  ]);
});
