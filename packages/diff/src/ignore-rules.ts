import { groupOf, type KubeObject } from '@plumbline/manifests';
import picomatch from 'picomatch';
import { type FieldSet, listEntries, matchesKey } from './field-set.ts';
import { isRecord, parsePointer, without } from './json-pointer.ts';
import type { IgnoreRule } from './types.ts';

/** A rule as it stands in a spec (`ignoreDifferences`) or in argocd-cm (reference §1.1, §10.1). */
export interface IgnoreRuleSpec {
  group?: string | undefined;
  kind: string;
  name?: string | undefined;
  namespace?: string | undefined;
  jsonPointers?: readonly string[] | null | undefined;
  jqPathExpressions?: readonly string[] | null | undefined;
  managedFieldsManagers?: readonly string[] | null | undefined;
}

/** The rules that hold for an object: group and kind are globs, name and namespace exact (empty = any). */
export function matchingRules(object: KubeObject, rules: readonly IgnoreRuleSpec[]): IgnoreRule[] {
  return rules
    .filter((rule) => matches(object, rule))
    .map((rule) => ({
      jsonPointers: rule.jsonPointers ?? [],
      jqPathExpressions: rule.jqPathExpressions ?? [],
      managedFieldsManagers: rule.managedFieldsManagers ?? [],
    }));
}

function matches(object: KubeObject, rule: IgnoreRuleSpec): boolean {
  if (rule.name && rule.name !== object.metadata.name) return false;
  if (rule.namespace && rule.namespace !== object.metadata.namespace) return false;
  return globMatches(rule.group ?? '', groupOf(object)) && globMatches(rule.kind, object.kind);
}

function globMatches(glob: string, text: string): boolean {
  if (glob === text || glob === '*') return true;
  return glob !== '' && text !== '' && picomatch.isMatch(text, glob);
}

/** Both sides of a comparison. */
export interface Sides {
  target: KubeObject;
  live: KubeObject;
}

/**
 * Takes the ignored fields off both sides: JSON pointers, and every field that one of the listed managers owns in the
 * live object. Expressions in jq are applied by {@link deletePaths} with the paths that jq finds.
 */
export function dropIgnored(sides: Sides, rules: readonly IgnoreRule[]): Sides {
  let { target, live } = sides;
  for (const pointer of rules.flatMap((rule) => rule.jsonPointers)) {
    const path = parsePointer(pointer);
    target = without(target, path);
    live = without(live, path);
  }
  const managers = new Set(rules.flatMap((rule) => rule.managedFieldsManagers));
  if (managers.size === 0) return { target, live };
  for (const entry of sides.live.metadata.managedFields ?? []) {
    if (!entry.manager || !managers.has(entry.manager)) continue;
    const fields = (entry.fieldsV1 ?? {}) as FieldSet;
    target = withoutFields(target, fields);
    live = withoutFields(live, fields);
  }
  return { target, live };
}

/** Takes paths (as jq's `paths` names them) off an object, the last first, so that list indices stay right. */
export function deletePaths(object: KubeObject, paths: readonly (readonly (string | number)[])[]): KubeObject {
  const ordered = paths
    .map((path) => path.map(String))
    .sort(comparePaths)
    .reverse();
  return ordered.reduce((result, path) => without(result, path), object);
}

/** The order of paths in an object: entries of lists by their index. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x = '', y = ''] = [a[i], b[i]];
    if (x === y) continue;
    const [m, n] = [Number(x), Number(y)];
    return Number.isInteger(m) && Number.isInteger(n) ? m - n : x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function withoutFields<T>(value: T, fields: FieldSet): T {
  if (Array.isArray(value)) {
    const entries = listEntries(fields);
    return value.map((item: unknown) => {
      const entry = entries.find(({ key }) => matchesKey(item, key));
      return entry ? withoutKeyed(item, entry.fields, entry.key) : item;
    }) as T;
  }
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [field, child] of Object.entries(fields)) {
    const name = field.slice(2);
    if (!field.startsWith('f:') || copy[name] === undefined) continue;
    const isLeaf = Object.keys(child).filter((key) => key !== '.').length === 0;
    if (isLeaf) delete copy[name];
    else copy[name] = withoutFields(copy[name], child);
  }
  return copy as T;
}

/** The key fields of a list entry stay: they say which entry it is, whoever owns them. */
function withoutKeyed(item: unknown, fields: FieldSet, key: Record<string, unknown>): unknown {
  const rest = withoutFields(item, fields);
  return isRecord(rest)
    ? { ...Object.fromEntries(Object.entries(item as object).filter(([name]) => name in key)), ...rest }
    : rest;
}
