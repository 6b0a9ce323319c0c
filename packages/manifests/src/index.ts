export { aliasBomb } from './alias-bomb.ts';
export { deepEqual } from './deep-equal.ts';
export { type HideOptions, hideDigests } from './hide-digests.ts';
export { imagesOf } from './images.ts';
export { parseJson, stringifyJson } from './json.ts';
export { compareByKind, kindRank } from './kind-order.ts';
export { annotation, isRecord, label } from './metadata.ts';
export { type ParsedManifests, type ParseOptions, parseManifests } from './parse-manifests.ts';
export { quantity } from './quantity.ts';
export {
  groupKindOf,
  groupOf,
  joinApiVersion,
  keyOf,
  keyString,
  parseKeyString,
  splitApiVersion,
} from './resource-key.ts';
export { isSecret, maskSecret, normalizeSecret } from './secrets.ts';
export { type TrackingOptions, trackedApplication, trackingId, trackingName, withTracking } from './tracking.ts';
export type {
  GroupKind,
  JsonValue,
  KubeObject,
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
  ResourceKey,
} from './types.ts';
export { withoutComments } from './without-comments.ts';
export { parseYaml, toYaml, type YamlOptions } from './yaml.ts';
