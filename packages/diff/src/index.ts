export { emptyListsAreNone } from './built-in-kinds.ts';
export { type ApplyStyle, type CompareOptions, compareResource, prepare } from './compare-resource.ts';
export {
  type DifferenceClass,
  differenceClasses,
  type ExplainedDifference,
  type ExplainRequest,
  explainCounted,
  explainDifferences,
} from './explain-differences.ts';
export type { Found } from './field-differences.ts';
export { type FieldSet, fieldsOf, isFormerApply, subtractFields } from './field-set.ts';
export {
  deletePaths,
  dropIgnored,
  type IgnoreRuleSpec,
  matchingRules,
  type Sides,
} from './ignore-rules.ts';
export { imposed } from './imposed.ts';
export { formatPointer, parsePointer, valueAt, without, withValue } from './json-pointer.ts';
export type { KnownTypeField } from './known-types.ts';
export { isHuman, ourApply } from './managers.ts';
export { applicable, type IgnoreStatus, type NormalizeOptions, normalize } from './normalize.ts';
export { respectIgnored, respectPaths, type SelectedPaths } from './respect-ignored.ts';
export { removeFields, staleFields } from './stale-fields.ts';
export type { FieldDifference, IgnoreRule, ResourceComparison } from './types.ts';
