import { globMatch, permitsResource } from '@plumbline/access';
import type { Application, AppProject } from '@plumbline/apis';
import type { LiveNode, LiveState } from '@plumbline/cluster';

/** What Kubernetes itself puts into every namespace (reference §6). */
const everywhere: readonly { group: string; kind: string; namespace?: string; name: string }[] = [
  { group: '', kind: 'ServiceAccount', name: 'default' },
  { group: '', kind: 'ConfigMap', name: 'kube-root-ca.crt' },
  { group: '', kind: 'Service', namespace: 'default', name: 'kubernetes' },
];

function isEverywhere({ key }: LiveNode): boolean {
  return everywhere.some(
    ({ group, kind, namespace = key.namespace, name }) =>
      key.group === group && key.kind === kind && key.namespace === namespace && key.name === name,
  );
}

/** What tells which objects nobody manages. */
export interface OrphanQuery {
  project: AppProject | undefined;
  app: Pick<Application, 'spec'>;
  destination: { live: Pick<LiveState, 'orphans'> } | undefined;
  /** Whether there is an Application of that tracking name; default: all exist. */
  exists?: ((application: string) => boolean) | undefined;
}

/**
 * Top-level objects of the destination namespace that no Application manages (also those that one managed that is gone), where the project asks for them: permitted
 * by it and not ignored by its rules (reference §6, §9.2).
 */
export function orphansOf({ project, app, destination, exists }: OrphanQuery): LiveNode[] {
  const namespace = app.spec.destination.namespace ?? '';
  const rules = project?.spec.orphanedResources;
  if (!destination || !project || !rules || namespace === '') return [];
  const ignored = ({ key }: LiveNode): boolean =>
    (rules.ignore ?? []).some(
      ({ group = '', kind = '', name = '' }) =>
        globMatch(group, key.group) && (!kind || globMatch(kind, key.kind)) && (!name || globMatch(name, key.name)),
    );
  return destination.live
    .orphans(namespace, exists)
    .filter(
      (node) => permitsResource(project, { ...node.key, namespaced: true }) && !isEverywhere(node) && !ignored(node),
    );
}
