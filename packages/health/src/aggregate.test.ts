import { describe, expect, test } from 'vitest';
import { aggregateHealth, type HealthItem } from './aggregate.ts';
import { healthOrder, isWorse, worse } from './order.ts';
import type { HealthStatusCode } from './types.ts';

function item(status: HealthStatusCode | undefined, more: Partial<HealthItem> = {}): HealthItem {
  const key = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'shop' };
  return { key, health: status && { status }, live: true, ...more };
}

const absent = item(undefined, { live: false });
const child = { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'child' };

describe('the health of an Application', () => {
  test.each<[string, HealthItem[], HealthStatusCode]>([
    ['is Healthy without resources', [], 'Healthy'],
    ['is Healthy when no resource has a health', [item(undefined), item(undefined)], 'Healthy'],
    ['is the worst of its resources', [item('Healthy'), item('Degraded'), item('Progressing')], 'Degraded'],
    ['is Suspended when something is paused', [item('Healthy'), item('Suspended')], 'Suspended'],
    ['is Missing when every resource is missing', [absent, absent], 'Missing'],
    ['does not suffer from some missing resources', [absent, item('Healthy')], 'Healthy'],
    ['does not count hooks', [item('Healthy'), item('Degraded', { hook: true })], 'Healthy'],
    ['is Healthy when only hooks are missing', [{ ...absent, hook: true }], 'Healthy'],
    ['does not count what asks to be ignored', [item('Healthy'), item('Degraded', { ignoreHealth: true })], 'Healthy'],
    [
      'is not Missing while something is there, ignored or not',
      [absent, item('Degraded', { ignoreHealth: true })],
      'Healthy',
    ],
    ['does not count the Application itself', [item('Healthy'), item('Degraded', { self: true })], 'Healthy'],
    ['counts child Applications', [item('Healthy'), item('Degraded', { key: child })], 'Degraded'],
    ['ignores children of unknown health', [item('Healthy'), item('Unknown', { key: child })], 'Healthy'],
    ['ignores children that miss their resources', [item('Healthy'), item('Missing', { key: child })], 'Healthy'],
    ['waits for children without a status', [item('Progressing', { key: child })], 'Progressing'],
  ])('%s', (_, items, expected) => {
    expect(aggregateHealth(items).status).toBe(expected);
  });

  test('names up to three culprits', () => {
    const bad = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      item('Degraded', { key: { group: '', kind: 'Pod', namespace: 'web', name } }),
    );
    expect(aggregateHealth([item('Degraded'), item('Progressing')]).message).toBe('Caused by apps/Deployment:web/shop');
    expect(aggregateHealth(bad).message).toBe('Caused by Pod:web/a, Pod:web/b, Pod:web/c and 2 more');
    expect(aggregateHealth([item('Healthy')])).toEqual({ status: 'Healthy' });
  });
});

test('health codes are ordered from best to worst', () => {
  expect(healthOrder.map((code) => worse(code, 'Progressing'))).toEqual([
    'Progressing',
    'Progressing',
    'Progressing',
    'Missing',
    'Degraded',
    'Unknown',
  ]);
  expect(isWorse('Degraded', 'Degraded')).toBe(false);
});
