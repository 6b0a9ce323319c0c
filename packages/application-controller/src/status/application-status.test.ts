import type { Application } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { configMap, owned, revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { resourceState, targetState } from '../test-support/states.ts';
import { applicationStatus, type PassOutcome, resourceStatuses } from './application-status.ts';

const now = '2026-01-02T00:00:00Z';
const before = '2026-01-01T00:00:00Z';

function outcome(more: Partial<PassOutcome> = {}): PassOutcome {
  return {
    comparison: { resources: [], status: 'Synced', health: { status: 'Healthy' }, shared: [], problems: [] },
    target: targetState([]),
    sources: [source],
    findings: [],
    operationState: undefined,
    history: undefined,
    now,
    refreshed: true,
    controllerNamespace: 'argocd',
    ...more,
  };
}

const known = (status: Application['status']) => shop({ status: { reconciledAt: before, ...status } });

describe('the status after a pass', () => {
  it('says what was compared with what', () => {
    const status = applicationStatus(shop(), outcome());
    const { destination } = shop().spec;
    expect(status.sync).toEqual({ status: 'Synced', revision: revisionA, comparedTo: { source, destination } });
    expect(status).toMatchObject({ sourceType: 'Directory', controllerNamespace: 'argocd', reconciledAt: now });
  });

  it('stores the health of each object where that is asked for', () => {
    const resources = [resourceState(configMap('a'), { health: { status: 'Degraded', message: 'why' } })];
    const comparison = { ...outcome().comparison, resources };
    const stored = applicationStatus(shop(), outcome({ comparison, persistHealth: true }));
    expect(stored).toMatchObject({ resources: [{ health: { status: 'Degraded', message: 'why' } }] });
    expect(stored.resourceHealthSource).toBeUndefined();
    const bare = applicationStatus(shop(), outcome({ comparison }));
    expect(bare.resources?.[0]).not.toHaveProperty('health');
    expect(bare.resourceHealthSource).toBe('appTree');
  });

  it('stores that an object is missing', () => {
    const absent = { ...resourceState(configMap('a')), live: undefined, liveObject: undefined };
    const states = resourceStatuses([absent, { ...absent, hook: true }], {
      withHealth: true,
    });
    expect(states).toMatchObject([{ health: { status: 'Missing' } }]);
  });

  it('shows the links that are on the Application itself', () => {
    const app = shop();
    const annotations = { 'link.argocd.argoproj.io/docs': 'Docs|https://docs.example' };
    const linked = { ...app, metadata: { ...app.metadata, annotations } };
    expect(applicationStatus(linked, outcome()).summary).toEqual({ externalURLs: ['Docs|https://docs.example'] });
  });

  it('says so for several sources', () => {
    const sources = [source, { ...source, path: 'api' }];
    const { source: _one, ...spec } = shop().spec;
    const target = targetState([], { revisions: [revisionA, revisionB], sourceTypes: ['Helm', 'Directory'] });
    const status = applicationStatus(shop({ spec: { ...spec, sources } }), outcome({ sources, target }));
    expect(status.sync).toMatchObject({ revisions: [revisionA, revisionB], comparedTo: { sources } });
    expect(status.sync).not.toHaveProperty('revision');
    expect(status.sourceTypes).toEqual(['Helm', 'Directory']);
  });

  it('keeps what nobody looked at: source types without a target, and what others wrote', () => {
    const app = known({ sourceType: 'Helm', ...{ observedAt: 'then' } });
    const status = applicationStatus(app, outcome({ target: undefined }));
    expect(status).toMatchObject({ sourceType: 'Helm', observedAt: 'then' });
    expect(status.sync).not.toHaveProperty('revision');
  });

  it('moves reconciledAt only when the sources were resolved', () => {
    expect(applicationStatus(known({}), outcome({ refreshed: false })).reconciledAt).toBe(before);
    expect(applicationStatus(known({}), outcome()).reconciledAt).toBe(now);
  });

  it.each([
    ['stays while the health stays', 'Healthy', before],
    ['moves when it changes', 'Degraded', now],
  ] as const)('the time of the health %s', (_case, health, time) => {
    const app = known({ health: { status: 'Healthy', lastTransitionTime: before } });
    const comparison = { ...outcome().comparison, health: { status: health } };
    expect(applicationStatus(app, outcome({ comparison })).health?.lastTransitionTime).toBe(time);
  });

  it('drops lists that became empty', () => {
    const app = known({
      resources: [{ name: 'a' }],
      conditions: [{ type: 'SyncError', message: 'x' }],
      history: [{ id: 1, deployedAt: before }],
    });
    const status = applicationStatus(app, outcome());
    expect([status.resources, status.conditions, status.history]).toEqual([undefined, undefined, undefined]);
  });

  it('sums up images and child Applications', () => {
    const pod = { ...configMap('p'), spec: { containers: [{ image: 'b:1' }, { image: 'a:1' }] }, kind: 'Pod' };
    const child = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'child' } };
    const resources = [resourceState(pod, { liveObject: pod }), resourceState(child)];
    const status = applicationStatus(shop(), outcome({ comparison: { ...outcome().comparison, resources } }));
    expect(status.summary).toEqual({ images: ['a:1', 'b:1'], isAppOfApps: true });
  });
});

describe('status.resources', () => {
  const object = owned(configMap('a'));
  const plain = { version: 'v1', kind: 'ConfigMap', namespace: 'web', name: 'a' };
  it.each([
    ['names an object and its status', resourceState(object), [{ ...plain, status: 'OutOfSync' }]],
    [
      'marks what a sync would prune, and waves',
      resourceState(object, { requiresPruning: true, syncWave: -1 }),
      [{ ...plain, status: 'OutOfSync', requiresPruning: true, syncWave: -1 }],
    ],
    [
      'marks what is only deleted once somebody confirms it',
      resourceState(owned(configMap('a', '1', { 'argocd.argoproj.io/sync-options': 'PruneLast=true,Delete=confirm' }))),
      [{ ...plain, status: 'OutOfSync', requiresDeletionConfirmation: true }],
    ],
    ['leaves hooks out that are not live', resourceState(object, { hook: true }), []],
    ['leaves objects without a name out', resourceState({ ...object, metadata: { generateName: 'a-' } }), []],
  ])('%s', (_case, state, expected) => {
    expect(resourceStatuses([state])).toEqual(expected);
  });
});
