import { type Application, annotations } from '@plumbline/apis';
import { createSecretMask } from '@plumbline/cluster';
import { type KubeObject, withTracking } from '@plumbline/manifests';
import { tracking } from './memory-live.ts';

export const mask = createSecretMask(Buffer.from('key of the tests'));
export const source = { repoURL: 'https://git.example.com/shop.git', path: 'web', targetRevision: 'main' };
export const revisionA = 'a'.repeat(40);
export const revisionB = 'b'.repeat(40);

/** The Application `shop` of namespace `argocd`, which deploys to namespace `web`. */
export function shop(
  more: Partial<Omit<Application, 'metadata'>> & { metadata?: Partial<Application['metadata']> } = {},
): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    ...more,
    metadata: { name: 'shop', namespace: 'argocd', uid: 'uid-shop', ...more.metadata },
    spec: {
      project: 'default',
      source,
      destination: { server: 'https://kubernetes.default.svc', namespace: 'web' },
      ...more.spec,
    },
  };
}

/** A ConfigMap as it is rendered. */
export function configMap(name: string, value = '1', notes?: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(notes ? { annotations: notes } : {}) },
    data: { key: value },
  };
}

/** A hook Job as it is rendered. */
export function hookJob(name: string, hook: string, policy = 'HookSucceeded'): KubeObject {
  const notes = { [annotations.hook]: hook, [annotations.hookDeletePolicy]: policy };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, annotations: notes } };
}

/** The object as `shop`, or another Application, has applied it in namespace `web`. */
export function owned(object: KubeObject, application = 'shop'): KubeObject {
  const placed = { ...object, metadata: { ...object.metadata, namespace: 'web' } };
  return withTracking(placed, { application, namespace: 'web', ...tracking });
}
