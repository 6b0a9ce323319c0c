import type { LogsQuery, ResourceNode } from '@plumbline/protocol';

/** A Pod of an Application's tree. */
export interface LogPod {
  namespace: string;
  name: string;
}

const isPod = ({ group, kind }: ResourceNode): boolean => !group && kind === 'Pod';

/** uids of a node and everything below it. */
function family(nodes: readonly ResourceNode[], roots: readonly ResourceNode[]): Set<string> {
  const found = new Set(roots.map(({ uid }) => uid));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { uid, parentRefs = [] } of nodes) {
      if (parentRefs.some((parent) => parent.uid !== undefined && found.has(parent.uid))) found.add(uid);
    }
  }
  return found;
}

/** The Pods of the tree whose lines are wanted, none where the tree has no such Pod. */
export function logPods(nodes: readonly ResourceNode[], query: LogsQuery): LogPod[] {
  const { podName, namespace, group, kind, resourceName } = query;
  const inPlace = (node: ResourceNode) => namespace === undefined || node.namespace === namespace;
  const asked = kind !== undefined || resourceName !== undefined;
  const roots = nodes.filter(
    (node) =>
      inPlace(node) &&
      (kind === undefined || node.kind === kind) &&
      (group === undefined || group === '' || (node.group ?? '') === group) &&
      (resourceName === undefined || node.name === resourceName),
  );
  const wanted = asked && podName === undefined ? family(nodes, roots) : undefined;
  return nodes
    .filter((node) => isPod(node) && inPlace(node))
    .filter(({ name, uid }) => (podName === undefined ? (wanted?.has(uid) ?? true) : name === podName))
    .map(({ namespace: at = '', name }) => ({ namespace: at, name }));
}
