import { z } from 'zod';

/** A reference to another node of a tree. */
const resourceRefSchema = z.object({
  group: z.string().optional(),
  version: z.string().optional(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string().optional(),
});
export type ResourceRef = z.infer<typeof resourceRefSchema>;

/** Where traffic to or from an object goes. */
const resourceNetworkingInfoSchema = z.object({
  labels: z.record(z.string(), z.string()).optional(),
  targetLabels: z.record(z.string(), z.string()).optional(),
  targetRefs: z.array(resourceRefSchema).optional(),
  ingress: z.array(z.object({ ip: z.string().optional(), hostname: z.string().optional() })).optional(),
  externalURLs: z.array(z.string()).optional(),
});
export type ResourceNetworkingInfo = z.infer<typeof resourceNetworkingInfoSchema>;

/** One live object: a managed one, or a descendant of one. A root has no `parentRefs`; `createdAt` is RFC 3339. */
export const resourceNodeSchema = z.object({
  group: z.string().optional(),
  version: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string(),
  parentRefs: z.array(resourceRefSchema).optional(),
  info: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  networkingInfo: resourceNetworkingInfoSchema.optional(),
  resourceVersion: z.string(),
  images: z.array(z.string()).optional(),
  health: z.object({ status: z.string(), message: z.string().optional() }).optional(),
  createdAt: z.string().optional(),
});
export type ResourceNode = z.infer<typeof resourceNodeSchema>;

/** What one resource (`cpu`, `memory`) of a node is used for: quantities in milli-units. */
const hostResourceInfoSchema = z.object({
  resourceName: z.string(),
  requestedByApp: z.number().optional(),
  requestedByNeighbors: z.number().optional(),
  capacity: z.number().optional(),
});
export type HostResourceInfo = z.infer<typeof hostResourceInfoSchema>;

/** A node that Pods of the Application run on. */
const hostInfoSchema = z.object({
  name: z.string(),
  resourcesInfo: z.array(hostResourceInfoSchema).optional(),
  systemInfo: z.record(z.string(), z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

const missing = 'missing:';

/** Stands for the uid of an object that is declared but not there: nodes of a tree are told apart by their uids. */
export function missingUid({ group = '', kind, namespace = '', name }: ResourceRef): string {
  return `${missing}${group}/${kind}/${namespace}/${name}`;
}

/** Whether a node is declared but not there. */
export function isMissing({ uid }: Pick<ResourceNode, 'uid'>): boolean {
  return uid.startsWith(missing);
}

/** Every live object of an Application with its descendants, and those that are missing (reference §8.2, resource-tree). */
export const resourceTreeSchema = z.object({
  nodes: z.array(resourceNodeSchema),
  orphanedNodes: z.array(resourceNodeSchema),
  hosts: z.array(hostInfoSchema),
  shardsCount: z.number().int(),
});
export type ResourceTree = z.infer<typeof resourceTreeSchema>;
