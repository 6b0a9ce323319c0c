import { annotations } from '@plumbline/apis';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import type { PlanContext } from '../plan/plan-context.ts';
import type { SyncPair, SyncRequest } from '../types.ts';

/** Builders for tests of this package. */

const shortNames: Record<string, string> = {
  wave: annotations.syncWave,
  hook: annotations.hook,
  policy: annotations.hookDeletePolicy,
  options: annotations.syncOptions,
};

const apiVersions: Record<string, string> = {
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Widget: 'example.org/v1',
  Application: 'argoproj.io/v1alpha1',
};

const clusterScoped = ['Namespace', 'CustomResourceDefinition'];

/** `object('Job/migrate', {hook: 'PreSync'})`: an object in namespace `web`, annotated by short or full keys. */
export function object(name: string, notes: Record<string, string> = {}): KubeObject {
  const [kind = '', own = ''] = name.split('/');
  const entries = Object.entries(notes).map(([key, value]) => [shortNames[key] ?? key, value]);
  return {
    apiVersion: apiVersions[kind] ?? 'v1',
    kind,
    metadata: {
      name: own,
      ...(clusterScoped.includes(kind) ? {} : { namespace: 'web' }),
      ...(entries.length > 0 ? { annotations: Object.fromEntries(entries) } : {}),
    },
  };
}

export const widgetDefinition: KubeObject = {
  ...object('CustomResourceDefinition/widgets.example.org'),
  spec: { group: 'example.org', names: { kind: 'Widget' } },
};

/** In Git and not in the cluster. */
export function added(target: KubeObject): SyncPair {
  return { key: keyOf(target), target, live: undefined, outOfSync: true };
}

/** In the cluster and not in Git. */
export function removed(live: KubeObject): SyncPair {
  return { key: keyOf(live), target: undefined, live: { object: live, health: undefined }, outOfSync: true };
}

/** In both, differing. */
export function changed(target: KubeObject): SyncPair {
  return { key: keyOf(target), target, live: { object: target, health: undefined }, outOfSync: true };
}

/** In both, equal. */
export function same(target: KubeObject): SyncPair {
  return { ...changed(target), outOfSync: false };
}

export function request(more: Partial<SyncRequest> = {}): SyncRequest {
  return {
    revision: 'ABCDEF0123456789',
    startedAt: '2026-01-01T00:00:00Z',
    prune: true,
    dryRun: false,
    strategy: 'hook',
    force: false,
    resources: undefined,
    syncOptions: [],
    namespace: 'web',
    namespaceExists: true,
    ...more,
  };
}

/** A cluster that serves the built-in kinds, a project that permits everything. */
export const context: PlanContext = {
  kindKnown: (apiVersion) => (apiVersion.startsWith('example.org/') ? 'unknown' : 'known'),
  permitted: () => undefined,
};
