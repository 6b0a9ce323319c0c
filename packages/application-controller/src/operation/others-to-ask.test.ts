import type { Application } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { AppRuntime } from '../app-runtime.ts';
import { otherApplications } from '../other-applications.ts';
import { shop } from '../test-support/builders.ts';

function named(name: string, more: Partial<Application> = {}, metadata: Partial<Application['metadata']> = {}) {
  return shop({ ...more, metadata: { name, uid: `uid-${name}`, ...metadata } });
}

/** The keys that are waited for by `shop` although nothing is known of what they render. */
function unseen(applications: Application[], looked: string[] = []): readonly string[] {
  const all = new Map(applications.map((app) => [`argocd/${app.metadata.name}`, app]));
  const runtimes = new Map([...all.keys()].map((key) => [key, new AppRuntime()]));
  for (const name of looked) {
    const runtime = runtimes.get(`argocd/${name}`);
    if (runtime) runtime.targetFailure = { key: '', finding: { type: 'ComparisonError', message: 'no such path' } };
  }
  const others = otherApplications({
    applications: { get: (key) => all.get(key), list: () => all.values() },
    runtimes,
    refresh: () => {},
  });
  return others.unseen?.(shop()) ?? [];
}

describe('Applications that may have what is to be deleted', () => {
  it('are waited for until somebody has looked at them, after a restart of the controller, too', () => {
    expect(unseen([named('shop'), named('store'), named('other')], ['other'])).toEqual(['argocd/store']);
  });

  it.each([
    ['one for another cluster', named('a', { spec: { ...shop().spec, destination: { name: 'far' } } })],
    ['one that goes', named('a', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
    ['one that is skipped', named('a', {}, { annotations: { 'argocd.argoproj.io/skip-reconcile': 'true' } })],
    [
      'one that is in error',
      named('a', {
        status: { conditions: [{ type: 'InvalidSpecError', message: 'no project' }] } as Application['status'],
      }),
    ],
  ])('%s is not waited for', (_what, app) => {
    expect(unseen([app])).toEqual([]);
  });
});
