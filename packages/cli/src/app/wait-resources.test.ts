import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { resourcesVerdict, verdictOn } from './wait-resources.ts';
import { waitFor } from './wait-state.ts';

const base = application({ name: 'web', repoURL: 'r', destinationNamespace: 'n' });
const object = (kind: string, name: string, status: 'Synced' | 'OutOfSync', health?: string) => ({
  ...{ version: 'v1', kind, namespace: 'n', name, status },
  ...(kind === 'Deployment' ? { group: 'apps' } : {}),
  ...(health ? { health: { status: health } } : {}),
});
const now = {
  ...base,
  status: {
    health: { status: 'Degraded' as const },
    resources: [
      object('Deployment', 'good', 'Synced', 'Healthy'),
      object('Deployment', 'bad', 'OutOfSync', 'Degraded'),
      object('ConfigMap', 'conf', 'Synced'),
    ],
  },
} as typeof base;

describe('resourcesVerdict', () => {
  it.each([
    ['one that is as wanted, whatever the others are', ['apps:Deployment:good'], {}, 'done'],
    ['one without health', [':ConfigMap:conf'], {}, 'done'],
    ['one that is Degraded', ['apps:Deployment:bad'], {}, 'failed'],
    ['one that is Degraded, where only sync counts', ['apps:Deployment:bad'], { sync: true }, 'waiting'],
    ['all but the bad one', ['!apps:Deployment:bad'], {}, 'done'],
    ['one that is not there', [':Service:none'], {}, 'waiting'],
    ['one in another namespace', [':ConfigMap:other/conf'], {}, 'waiting'],
  ])('%s', (_, texts, flags, expected) => {
    expect(resourcesVerdict(now, undefined, { wanted: waitFor(flags), texts }).state).toBe(expected);
  });
});

describe('where the tree cannot be read', () => {
  const without = { ...now, status: { resources: [object('Deployment', 'good', 'Synced')] } } as typeof base;
  const texts = ['apps:Deployment:good'];

  it('waits for health, and says why nobody knows of it', () => {
    const verdict = verdictOn(without, { problem: 'no controller answers' }, { wanted: waitFor({}), texts });
    expect(verdict).toEqual({ state: 'waiting', missing: ['the health of its objects (no controller answers)'] });
  });

  it('judges what needs no health', () => {
    const verdict = verdictOn(
      without,
      { problem: 'no controller answers' },
      { wanted: waitFor({ sync: true }), texts },
    );
    expect(verdict.state).toBe('done');
  });
});
