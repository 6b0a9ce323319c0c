import type { KubeObject } from '@plumbline/manifests';
import type { LiveNode } from '../types.ts';
import { fields, text, texts } from './fields.ts';
import { computeResources, hasEnded, podRequests } from './pod-requests.ts';

function placed(pod: KubeObject): LiveNode['placed'] {
  const node = text(fields(pod['spec'])['nodeName']);
  return node && !hasEnded(pod) ? { node, requests: podRequests(pod) } : undefined;
}

function host(node: KubeObject): NonNullable<LiveNode['host']> {
  const { capacity, nodeInfo } = fields(node['status']);
  return { capacity: computeResources(capacity), systemInfo: texts(nodeInfo), labels: node.metadata.labels ?? {} };
}

/** Where a Pod runs, and what a Node offers. */
export function placement(
  group: string,
  object: KubeObject,
  share: <Value extends object>(value: Value) => Value = (value) => value,
): Pick<LiveNode, 'placed' | 'host'> {
  if (group !== '') return {};
  if (object.kind === 'Node') return { host: host(object) };
  const where = object.kind === 'Pod' ? placed(object) : undefined;
  return where ? { placed: share(where) } : {};
}
