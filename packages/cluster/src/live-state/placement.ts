import { type KubeObject, quantity } from '@plumbline/manifests';
import type { ComputeResources, LiveNode } from '../types.ts';
import { fields, items, text, texts } from './fields.ts';

function resources(value: unknown): ComputeResources {
  const { cpu, memory } = fields(value);
  return { cpu: quantity(cpu) ?? 0, memory: quantity(memory) ?? 0 };
}

function requestsOf(container: Record<string, unknown>): ComputeResources {
  return resources(fields(container['resources'])['requests']);
}

function sum(list: readonly ComputeResources[]): ComputeResources {
  return {
    cpu: list.reduce((total, { cpu }) => total + cpu, 0),
    memory: list.reduce((total, { memory }) => total + memory, 0),
  };
}

function placed(pod: KubeObject): LiveNode['placed'] {
  const spec = fields(pod['spec']);
  const node = text(spec['nodeName']);
  const phase = text(fields(pod['status'])['phase']);
  if (!node || phase === 'Succeeded' || phase === 'Failed') return undefined;
  return { node, requests: sum(items(spec['containers']).map(requestsOf)) };
}

function host(node: KubeObject): NonNullable<LiveNode['host']> {
  const { capacity, nodeInfo } = fields(node['status']);
  return { capacity: resources(capacity), systemInfo: texts(nodeInfo), labels: node.metadata.labels ?? {} };
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
