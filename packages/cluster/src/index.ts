export { type ConnectOptions, connect } from './client.ts';
export type { ExecOptions, ExecSession, ExecTarget } from './exec.ts';
export { isExcludedByDefault, isNeverWatched } from './live-state/exclusions.ts';
export { createLiveState } from './live-state/live-state.ts';
export { ownLinks } from './live-state/networking-info.ts';
export { observeRequests, resourceOfPath } from './observe-requests.ts';
export type { RequestFact } from './request-fact.ts';
export { createSecretMask } from './secret-mask.ts';
export { scrubSecretError } from './secret-scrub.ts';
export type {
  ApiResource,
  ApplyOptions,
  CallOptions,
  ClusterAccess,
  ComputeResources,
  DeleteOptions,
  Discovery,
  HostFacts,
  KnownObject,
  KnownObjects,
  KubeClient,
  ListOptions,
  LiveChange,
  LiveNode,
  LiveState,
  LiveStateOptions,
  NetworkingInfo,
  ObjectRef,
  PatchType,
  RequestCounts,
  SecretMask,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './types.ts';
export type { WatchTiming } from './watch.ts';
