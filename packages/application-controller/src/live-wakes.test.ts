import type { Application } from '@plumbline/apis';
import type { LiveChange } from '@plumbline/cluster';
import { describe, expect, it } from 'vitest';
import { applicationKey } from './application-store.ts';
import { takeOverPatienceMs, wakesOf } from './live-wakes.ts';
import { levels } from './queue/keyed-queue.ts';
import { shop } from './test-support/builders.ts';

const app = (more: object = {}, metadata: object = {}): Application =>
  shop({
    metadata: { name: 'shop', namespace: 'argocd', ...metadata },
    status: { sync: { status: 'Synced' } },
    ...more,
  } as Parameters<typeof shop>[0]);

function wakes(change: Partial<LiveChange>, ...apps: Application[]) {
  const keys = [...(change.applications ?? [])].map((name) => `argocd/${name}`);
  const whole = { applications: new Set<string>(), managed: true, below: false, keys: [], ...change };
  return wakesOf(whole, keys, {
    list: () => apps,
    get: (key) => apps.find((one) => applicationKey(one) === key),
    project: () => undefined,
  });
}

const named = new Set(['shop']);

it.each([
  ['a managed object: a comparison', { managed: true }, [levels.compare]],
  ['the health of one: its tree', { managed: false }, [levels.tree]],
  ['what is below them: nothing', { managed: false, below: true }, []],
])('a change of %s', (_case, change, expected) => {
  const found = wakes({ applications: named, ...change }, app());
  expect(found).toEqual(expected.map((level) => ({ key: 'argocd/shop', level, ms: 0 })));
});

describe('an object that another Application takes over', () => {
  const operationState = (phase: string) => ({
    status: { sync: { status: 'Synced' }, operationState: { phase, operation: {}, startedAt: '' } },
  });
  it.each<[string, Application[], number]>([
    ['leaves its former owner alone for a while', [app()], takeOverPatienceMs],
    ['also after an operation', [app(operationState('Succeeded'))], takeOverPatienceMs],
    ['tells one that waits for it to go at once', [app({ status: { sync: { status: 'OutOfSync' } } })], 0],
    ['tells one in the middle of an operation at once', [app(operationState('Running'))], 0],
    ['tells one whose operation is about to begin at once', [app({ operation: { sync: {} } })], 0],
    ['tells one that is being deleted at once', [app({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })], 0],
    ['tells one that nobody knows at once', [], 0],
  ])('%s', (_case, apps, ms) => {
    expect(wakes({ applications: named, takenOver: true }, ...apps)).toEqual([
      { key: 'argocd/shop', level: levels.compare, ms },
    ]);
  });
});

it('a change of a Namespace wakes those that manage its metadata', () => {
  const destination = { server: 'https://kubernetes.default.svc', namespace: 'web' };
  const syncPolicy = { managedNamespaceMetadata: { labels: { team: 'web' } } };
  const spec = (more: object) => ({ spec: { ...shop().spec, destination, ...more } });
  const apps = [
    app(spec({ syncPolicy }), { name: 'owner' }),
    app(spec({}), { name: 'guest' }),
    app(spec({ syncPolicy, destination: { ...destination, namespace: 'other' } }), { name: 'far' }),
  ];
  const found = wakes({ managed: false, namespaces: new Set(['web']) }, ...apps);
  expect(found).toEqual([{ key: 'argocd/owner', level: levels.compare, ms: 0 }]);
});
