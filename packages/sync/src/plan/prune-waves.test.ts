import { describe, expect, test } from 'vitest';
import { added, context, object, removed, request } from '../testing/builders.ts';
import type { SyncPair } from '../types.ts';
import { buildPlan } from './build-plan.ts';
import { pruneWavesOf } from './prune-waves.ts';

const map = (name: string, wave: string) => object(`ConfigMap/${name}`, { wave });

function outline(pairs: SyncPair[], pruneWaves: readonly number[]): string[] {
  const { phases } = buildPlan(pairs, request(), { ...context, pruneWaves });
  return phases.flatMap(({ waves }) =>
    waves.map(({ wave, tasks }) => `${wave}: ${tasks.map(({ key }) => key.name).join(' ')}`),
  );
}

describe('what is left to prune after a restart', () => {
  const pairs = [removed(map('zero', '0')), removed(map('one', '1')), added(map('new', '3'))];

  test('keeps its place in the order of the whole', () => {
    const whole = pruneWavesOf([...pairs, removed(map('five', '5'))], request());
    expect(whole).toEqual([0, 1, 5]);
    expect(outline(pairs, whole)).toEqual(['1: one', '3: new', '5: zero']);
  });

  test('is mirrored by itself where nothing is known of the rest', () => {
    expect(outline(pairs, [])).toEqual(['0: one', '1: zero', '3: new']);
  });
});

test('what is not pruned has no wave of its own', () => {
  const kept = object('ConfigMap/kept', { wave: '7', options: 'Prune=false' });
  expect(pruneWavesOf([removed(kept), removed(map('a', '2'))], request())).toEqual([2]);
  expect(pruneWavesOf([removed(map('a', '2'))], request({ prune: false }))).toEqual([]);
});
