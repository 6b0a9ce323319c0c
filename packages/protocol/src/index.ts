export {
  type FieldDifference,
  type InspectPayload,
  type InspectRequest,
  type InspectResult,
  inspectQueue,
  type ManagedResource,
  type ManifestsResponse,
} from './inspect.ts';
export type {
  HostInfo,
  HostResourceInfo,
  ResourceNetworkingInfo,
  ResourceNode,
  ResourceRef,
  ResourceTree,
} from './resource-tree.ts';
