import type { LiveNode, LiveState } from '@plumbline/cluster';
import type { HostInfo } from '@plumbline/protocol';

const resources = ['cpu', 'memory'] as const;

function requested(pods: readonly LiveNode[], resource: (typeof resources)[number]): number {
  return pods.reduce((sum, { placed }) => sum + (placed?.requests[resource] ?? 0), 0);
}

const milli = (value: number): number => Math.round(value * 1000);

/**
 * The nodes that the Pods among an Application's live objects run on, with what these Pods and their neighbours request
 * of each, in milli-units (reference §8.2, resource-tree).
 */
export function hostsOf(nodes: Iterable<LiveNode>, live: LiveState): HostInfo[] {
  const own = [...nodes].filter(({ placed }) => placed !== undefined);
  const names = [...new Set(own.map(({ placed }) => placed?.node ?? ''))].sort();
  const ownUids = new Set(own.map(({ uid }) => uid));
  return names.flatMap((name) => hostInfo(name, ownUids, live) ?? []);
}

/**
 * One node, with what the Application's Pods (by uid) and their neighbours request of it; undefined where nothing is known of
 * the node.
 */
export function hostInfo(name: string, ownUids: ReadonlySet<string>, live: LiveState): HostInfo | undefined {
  const host = live.get({ group: '', kind: 'Node', namespace: '', name })?.host;
  if (!host) return undefined;
  const pods = live.podsOn(name);
  const ours = pods.filter(({ uid }) => ownUids.has(uid));
  const neighbours = pods.filter(({ uid }) => !ownUids.has(uid));
  return {
    name,
    resourcesInfo: resources
      .filter((resource) => host.capacity[resource] > 0)
      .map((resource) => ({
        resourceName: resource,
        requestedByApp: milli(requested(ours, resource)),
        requestedByNeighbors: milli(requested(neighbours, resource)),
        capacity: milli(host.capacity[resource]),
      })),
    systemInfo: { ...host.systemInfo },
    labels: { ...host.labels },
  };
}
