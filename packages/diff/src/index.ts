export { type CompareOptions, compareResource } from './compare-resource.ts';
export {
  deletePaths,
  dropIgnored,
  type IgnoreRuleSpec,
  matchingRules,
  respectIgnored,
  type Sides,
} from './ignore-rules.ts';
export { formatPointer, parsePointer, valueAt, without, withValue } from './json-pointer.ts';
export type { KnownTypeField } from './known-types.ts';
export { applicable, type IgnoreStatus, type NormalizeOptions, normalize } from './normalize.ts';
export type { FieldDifference, IgnoreRule, ResourceComparison } from './types.ts';
