import type { KubeObject } from '@plumbline/manifests';
import { configMap, deployment, service } from '@plumbline/testing';
import type { Rendered, Rig } from './rig.ts';

/** A source of the kustomization at a path with options of Kustomize. */
export const withKustomize = (kustomize: object, path = '.') => ({ source: { path, kustomize } });

/** Commits a kustomization of a Deployment, a Service and a ConfigMap. */
export async function writeTree({ repository }: Rig, extra: object = {}, path = '.'): Promise<void> {
  repository.write(`${path}/all.yaml`, [
    deployment('web', 'example/app:1'),
    service('web'),
    configMap('settings', { mode: 'plain' }),
  ]);
  repository.write(`${path}/kustomization.yaml`, { resources: ['all.yaml'], ...extra });
  await repository.commit();
}

/** The image of a Deployment's first container. */
export function imageOf(rendered: Rendered, key = 'Deployment/web'): unknown {
  const spec = rendered.objects[key]?.['spec'] as
    | { template: { spec: { containers: { image: string }[] } } }
    | undefined;
  return spec?.template.spec.containers[0]?.image;
}

/** A member by its path `a.b.c`. */
export function member(object: KubeObject | undefined, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}
