export { type ConnectOptions, connect } from './client.ts';
export type { ExecOptions, ExecSession, ExecTarget } from './containers/exec.ts';
export { ownLinks } from './live-state/facts/networking-info.ts';
export { isExcludedByDefault, isNeverWatched } from './live-state/kinds/exclusions.ts';
export { createLiveState } from './live-state/live-state.ts';
export type {
  ComputeResources,
  HostFacts,
  LiveChange,
  LiveNode,
  LiveState,
  LiveStateOptions,
  NetworkingInfo,
  SecretMask,
} from './live-state/types.ts';
export { observeRequests, resourceOfPath } from './requests/observe-requests.ts';
export type { RequestFact } from './requests/request-fact.ts';
export { createSecretMask } from './secrets/secret-mask.ts';
export { scrubSecretError } from './secrets/secret-scrub.ts';
export type {
  ApiResource,
  ApplyOptions,
  CallOptions,
  ClusterAccess,
  DeleteOptions,
  Discovery,
  KnownObject,
  KnownObjects,
  KubeClient,
  ListOptions,
  ObjectRef,
  PatchType,
  RequestCounts,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './types.ts';
export type { WatchTiming } from './watch/watch.ts';
