import { describe, expect, it } from 'vitest';
import { type TrackingOptions, trackedApplication, trackingId, trackingName, withTracking } from './tracking.ts';
import type { KubeObject } from './types.ts';

const idKey = 'argocd.argoproj.io/tracking-id';
const installationKey = 'argocd.argoproj.io/installation-id';
const labelKey = 'app.kubernetes.io/instance';
const options = (method: TrackingOptions['method'] = 'annotation', installationId?: string): TrackingOptions => ({
  method,
  instanceLabelKey: labelKey,
  installationId,
});

function object(apiVersion: string, kind: string, metadata: KubeObject['metadata']): KubeObject {
  return { apiVersion, kind, metadata };
}
const configMap = (metadata: KubeObject['metadata'] = {}) => object('v1', 'ConfigMap', { name: 'a', ...metadata });
const live = (id: string, metadata: KubeObject['metadata'] = {}) =>
  configMap({ namespace: 'ns', annotations: { [idKey]: id }, ...metadata });

describe('the name of an Application in tracking', () => {
  it.each([
    [{ appNamespace: 'argocd', appName: 'web', controlNamespace: 'argocd' }, 'web'],
    [{ appNamespace: '', appName: 'web', controlNamespace: 'argocd' }, 'web'],
    [{ appNamespace: 'team', appName: 'web', controlNamespace: 'argocd' }, 'team_web'],
  ])('%o is %s', (application, name) => {
    expect(trackingName(application)).toBe(name);
  });
});

describe('a tracking id', () => {
  it.each([
    [configMap(), 'web:/ConfigMap:ns/a'],
    [configMap({ namespace: 'other' }), 'web:/ConfigMap:other/a'],
    [object('apps/v1', 'Deployment', { name: 'd' }), 'web:apps/Deployment:ns/d'],
    [
      object('rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'sys:r' }),
      'web:rbac.authorization.k8s.io/ClusterRole:ns/sys:r',
    ],
  ])('names the Application and the object itself', (target, id) => {
    expect(trackingId('web', target, 'ns')).toBe(id);
  });
});

describe('marking a target object', () => {
  const mark = (target: KubeObject, tracking = options()) =>
    withTracking(target, { ...tracking, application: 'web', namespace: 'ns' });

  it('replaces a tracking id from Git, keeps the rest, and leaves the input as it was', () => {
    const target = configMap({
      annotations: { [idKey]: 'other:/ConfigMap:x/y', note: '1' },
      labels: { [labelKey]: 'mine' },
    });
    const before = structuredClone(target);
    expect(mark(target).metadata).toEqual({
      name: 'a',
      annotations: { [idKey]: 'web:/ConfigMap:ns/a', note: '1' },
      labels: { [labelKey]: 'mine' },
    });
    expect(target).toEqual(before);
  });

  it('adds no labels where the method has none', () => {
    expect(mark(configMap()).metadata).toEqual({ name: 'a', annotations: { [idKey]: 'web:/ConfigMap:ns/a' } });
    expect(mark(configMap({ annotations: null })).metadata.annotations).toEqual({ [idKey]: 'web:/ConfigMap:ns/a' });
  });

  it('leaves a CustomResourceDefinition alone by every method', () => {
    const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { name: 'x.example.com' });
    for (const method of ['annotation', 'label', 'annotation+label'] as const) {
      expect(mark(crd, options(method))).toBe(crd);
    }
  });

  it('by label sets the label only', () => {
    expect(mark(configMap(), options('label')).metadata).toEqual({ name: 'a', labels: { [labelKey]: 'web' } });
  });

  it('by annotation and label shortens the label to a valid value', () => {
    const application = `${'a'.repeat(62)}-tail`;
    const marked = withTracking(configMap(), { ...options('annotation+label'), application, namespace: 'ns' });
    expect(marked.metadata.labels).toEqual({ [labelKey]: 'a'.repeat(62) });
    expect(marked.metadata.annotations?.[idKey]).toBe(`${application}:/ConfigMap:ns/a`);
  });

  it('names the installation where it has an id, and removes that of another one', () => {
    expect(mark(configMap(), options('annotation', 'one')).metadata.annotations).toMatchObject({
      [installationKey]: 'one',
    });
    const foreign = configMap({ annotations: { [installationKey]: 'other' } });
    expect(mark(foreign).metadata.annotations).toEqual({ [idKey]: 'web:/ConfigMap:ns/a' });
  });
});

describe('a live object belongs to', () => {
  it('the Application of its tracking id', () => {
    expect(trackedApplication(live('web:/ConfigMap:ns/a'), options())).toBe('web');
    expect(trackedApplication(live('team_web:/ConfigMap:ns/a'), options('annotation+label'))).toBe('team_web');
  });

  it('the same one where it is cluster-scoped and the id carries any namespace', () => {
    for (const namespace of ['', 'ns', 'other']) {
      const role = object('rbac.authorization.k8s.io/v1', 'ClusterRole', {
        name: 'x:y.z',
        annotations: { [idKey]: `web:rbac.authorization.k8s.io/ClusterRole:${namespace}/x:y.z` },
      });
      expect(trackedApplication(role, options())).toBe('web');
    }
  });

  it.each([
    'garbage',
    '',
    'web',
    ':/ConfigMap:ns/a',
    'web:/ConfigMap:ns',
    'web:/ConfigMap:ns/a/c',
    'web:ConfigMap:ns/a',
    'web:/ConfigMap:ns/b',
    'web:/ConfigMap:other/a',
    'web:/Secret:ns/a',
    'web:apps/ConfigMap:ns/a',
  ])('none where its tracking id is malformed or of another object: %j', (id) => {
    expect(trackedApplication(live(id), options())).toBeUndefined();
  });

  it('none of this installation where it carries the id of another one or none', () => {
    const id = 'web:/ConfigMap:ns/a';
    const of = (annotations: Record<string, string>) =>
      trackedApplication(live(id, { annotations: { [idKey]: id, ...annotations } }), options('annotation', 'one'));
    expect([of({}), of({ [installationKey]: 'two' }), of({ [installationKey]: 'one' })]).toEqual([
      undefined,
      undefined,
      'web',
    ]);
  });

  it('the Application of its label, by the method label', () => {
    expect(trackedApplication(configMap({ labels: { [labelKey]: 'web' } }), options('label'))).toBe('web');
    expect(trackedApplication(live('web:/ConfigMap:ns/a'), options('label'))).toBeUndefined();
    expect(
      trackedApplication(configMap({ labels: { [labelKey]: 'web' } }), options('annotation+label')),
    ).toBeUndefined();
  });
});
