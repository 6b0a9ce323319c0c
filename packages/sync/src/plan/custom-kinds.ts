import type { KubeObject } from '@plumbline/manifests';
import type { SyncTask } from '../types.ts';

const definitionGroup = 'apiextensions.k8s.io';

/** The `group/kind` that a CustomResourceDefinition task brings; undefined for every other task. */
export function definedKind(task: SyncTask): string | undefined {
  if (task.action !== 'apply' || task.key.group !== definitionGroup) return undefined;
  if (task.key.kind !== 'CustomResourceDefinition' || !task.target) return undefined;
  const group = textAt(task.target, 'spec', 'group');
  const kind = textAt(task.target, 'spec', 'names', 'kind');
  return group && kind ? `${group}/${kind}` : undefined;
}

/** `group/kind` of a task, as {@link definedKind} writes it. */
export function kindOf({ key }: Pick<SyncTask, 'key'>): string {
  return `${key.group}/${key.kind}`;
}

function textAt(object: KubeObject, ...path: string[]): string {
  const found = path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    object,
  );
  return typeof found === 'string' ? found : '';
}
