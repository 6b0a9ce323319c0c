import { type KubeObject, quantity } from '@plumbline/manifests';
import { fields, items, text } from '../fields.ts';
import type { ComputeResources } from '../types.ts';

/** CPU and memory of a list of resources. */
export function computeResources(value: unknown): ComputeResources {
  const { cpu, memory } = fields(value);
  return { cpu: quantity(cpu) ?? 0, memory: quantity(memory) ?? 0 };
}

function requestsOf(container: Record<string, unknown>): ComputeResources {
  return computeResources(fields(container['resources'])['requests']);
}

const nothing: ComputeResources = { cpu: 0, memory: 0 };

function plus(a: ComputeResources, b: ComputeResources): ComputeResources {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}

function atLeast(a: ComputeResources, b: ComputeResources): ComputeResources {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory) };
}

/** Whether a Pod has ended: what it requested is free again. */
export function hasEnded(pod: KubeObject): boolean {
  const phase = text(fields(pod['status'])['phase']);
  return phase === 'Succeeded' || phase === 'Failed';
}

/**
 * What the scheduler keeps free for a Pod: its containers with the sidecars, or the most that its start takes (an init
 * container with the sidecars before it) where that is more, and its overhead.
 */
export function podRequests(pod: KubeObject): ComputeResources {
  const spec = fields(pod['spec']);
  let sidecars = nothing;
  let start = nothing;
  for (const container of items(spec['initContainers'])) {
    const own = requestsOf(container);
    if (container['restartPolicy'] === 'Always') sidecars = plus(sidecars, own);
    start = atLeast(start, container['restartPolicy'] === 'Always' ? sidecars : plus(sidecars, own));
  }
  const running = items(spec['containers']).map(requestsOf).reduce(plus, sidecars);
  return plus(atLeast(running, start), computeResources(spec['overhead']));
}
