/** A reference to another node of a tree. */
export interface ResourceRef {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
}

/** Where traffic to or from an object goes. */
export interface ResourceNetworkingInfo {
  labels?: Record<string, string>;
  targetLabels?: Record<string, string>;
  targetRefs?: ResourceRef[];
  ingress?: { ip?: string; hostname?: string }[];
  externalURLs?: string[];
}

/** One live object: a managed one, or a descendant of one. A root has no `parentRefs`. */
export interface ResourceNode {
  group?: string;
  version: string;
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
  parentRefs?: ResourceRef[];
  info?: { name: string; value: string }[];
  networkingInfo?: ResourceNetworkingInfo;
  resourceVersion: string;
  images?: string[];
  health?: { status: string; message?: string };
  /** RFC 3339. */
  createdAt?: string;
}

/** What one resource (`cpu`, `memory`) of a node is used for: quantities in milli-units. */
export interface HostResourceInfo {
  resourceName: string;
  requestedByApp?: number;
  requestedByNeighbors?: number;
  capacity?: number;
}

/** A node that Pods of the Application run on. */
export interface HostInfo {
  name: string;
  resourcesInfo?: HostResourceInfo[];
  systemInfo?: Record<string, string>;
  labels?: Record<string, string>;
}

/** Every live object of an Application with its descendants (reference §8.2, resource-tree). */
export interface ResourceTree {
  nodes: ResourceNode[];
  orphanedNodes: ResourceNode[];
  hosts: HostInfo[];
  shardsCount: number;
}
