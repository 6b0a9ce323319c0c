import { isRecord } from './metadata.ts';
import type { KubeObject } from './types.ts';

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const;
/** Where a pod's spec stands: a Pod, a workload with a template, a CronJob. */
const podSpecs = [['spec'], ['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']] as const;

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isRecord(node) ? node[key] : undefined), value);
}

/** Images of every container in the object's pod spec or template, each once, sorted. */
export function imagesOf(object: KubeObject): string[] {
  const images = podSpecs
    .flatMap((path) => containerLists.map((list) => at(object, [...path, list])))
    .flatMap((containers) => (Array.isArray(containers) ? containers : []))
    .map((container: unknown) => at(container, ['image']))
    .filter((image): image is string => typeof image === 'string' && image !== '');
  return [...new Set(images)].sort();
}
