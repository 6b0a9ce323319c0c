import type { KubeObject } from '@plumbline/manifests';
import { fields, text, texts } from '../fields.ts';
import type { LiveNode } from '../types.ts';
import { computeResources, hasEnded, podRequests } from './pod-requests.ts';

function placed(pod: KubeObject): LiveNode['placed'] {
  const node = text(fields(pod['spec'])['nodeName']);
  return node && !hasEnded(pod) ? { node, requests: podRequests(pod) } : undefined;
}

function host(node: KubeObject, shown: readonly string[]): NonNullable<LiveNode['host']> {
  const { capacity, nodeInfo } = fields(node['status']);
  const labels = Object.entries(node.metadata.labels ?? {}).filter(([name]) => shown.includes(name));
  return { capacity: computeResources(capacity), systemInfo: texts(nodeInfo), labels: Object.fromEntries(labels) };
}

interface PlacementOptions {
  /** One value instead of many equal ones. */
  share?: <Value extends object>(value: Value) => Value;
  /** Labels of Nodes that the tree shows (`application.allowedNodeLabels`). */
  nodeLabels?: readonly string[] | undefined;
}

/** Where a Pod runs, and what a Node offers. */
export function placement(
  group: string,
  object: KubeObject,
  { share = (value) => value, nodeLabels = [] }: PlacementOptions = {},
): Pick<LiveNode, 'placed' | 'host'> {
  if (group !== '') return {};
  if (object.kind === 'Node') return { host: host(object, nodeLabels) };
  const where = object.kind === 'Pod' ? placed(object) : undefined;
  return where ? { placed: share(where) } : {};
}
