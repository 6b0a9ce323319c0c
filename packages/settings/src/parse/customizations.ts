import type { IgnoreDifference } from '@plumbline/apis';
import { z } from 'zod';
import type { KnownTypeFieldSetting } from '../types.ts';
import { checkedYaml } from './checked-yaml.ts';
import type { LegacyCustomization } from './legacy-customizations.ts';
import type { ValueReader } from './value-reader.ts';
import { invalid } from './values.ts';

const ignoreKey = 'resource.customizations.ignoreDifferences.';
const ignoreUpdatesKey = 'resource.customizations.ignoreResourceUpdates.';

const paths = z
  .looseObject({
    jsonPointers: z.array(z.string()).nullish(),
    jqPathExpressions: z.array(z.string()).nullish(),
    managedFieldsManagers: z.array(z.string()).nullish(),
  })
  .nullable();

function ruleOf(groupKind: { group: string; kind: string }, text: string): IgnoreDifference {
  const { jsonPointers, jqPathExpressions, managedFieldsManagers } = checkedYaml(paths, text) ?? {};
  return {
    ...groupKind,
    ...(jsonPointers ? { jsonPointers } : {}),
    ...(jqPathExpressions ? { jqPathExpressions } : {}),
    ...(managedFieldsManagers ? { managedFieldsManagers } : {}),
  };
}

/** `apps_Deployment`, `ConfigMap` (core group), `all`. */
function groupKindOfKey(name: string): { group: string; kind: string } {
  if (name === 'all') return { group: '*', kind: '*' };
  const parts = name.split('_');
  const [first = '', second] = parts;
  if (parts.length > 2 || first === '') throw invalid('expected a key that ends in <group>_<Kind>, <Kind> or all');
  return second === undefined ? { group: '', kind: first } : { group: first, kind: second };
}

/** `apps/Deployment`, `ConfigMap` (core group), as the one-map form has it. */
function groupKindOfPath(name: string): { group: string; kind: string } {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? { group: '', kind: name } : { group: name.slice(0, slash), kind: name.slice(slash + 1) };
}

/** A rule of the one-map form. */
export function legacyIgnoreRule(pattern: string, text: string): IgnoreDifference {
  return ruleOf(groupKindOfPath(pattern), text);
}

/** System-level ignoreDifferences of argocd-cm (reference §10.1), the one-map form included. */
export function readIgnoreDifferences(reader: ValueReader, legacy: readonly LegacyCustomization[]): IgnoreDifference[] {
  return [...legacy.flatMap(({ ignoreDifferences }) => ignoreDifferences ?? []), ...readRules(reader, ignoreKey)];
}

/**
 * Fields whose changes are no reason to compare again (`resource.customizations.ignoreResourceUpdates.*`), the one-map form
 * included.
 */
export function readIgnoreUpdates(reader: ValueReader, legacy: readonly LegacyCustomization[]): IgnoreDifference[] {
  return [
    ...legacy.flatMap(({ ignoreResourceUpdates }) => ignoreResourceUpdates ?? []),
    ...readRules(reader, ignoreUpdatesKey),
  ];
}

function readRules(reader: ValueReader, prefix: string): IgnoreDifference[] {
  return reader
    .keys()
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) =>
      reader.read<IgnoreDifference[]>(key, [], (text) => [ruleOf(groupKindOfKey(key.slice(prefix.length)), text)]),
    );
}

const knownTypesKey = 'resource.customizations.knownTypeFields.';
const knownTypes = z.array(z.looseObject({ field: z.string().min(1), type: z.string().min(1) })).nullable();

function parseKnownTypes(name: string, text: string): KnownTypeFieldSetting[] {
  const { group, kind } = groupKindOfKey(name);
  return (checkedYaml(knownTypes, text) ?? []).map(({ field, type }) => ({ group, kind, field, type }));
}

/** Fields of custom resources with types of Kubernetes' own (reference §3.2). */
export function readKnownTypes(reader: ValueReader): KnownTypeFieldSetting[] {
  return reader
    .keys()
    .filter((key) => key.startsWith(knownTypesKey))
    .flatMap((key) =>
      reader.read<KnownTypeFieldSetting[]>(key, [], (text) => parseKnownTypes(key.slice(knownTypesKey.length), text)),
    );
}

const compareOptions = z
  .looseObject({
    ignoreAggregatedRoles: z.boolean().nullish(),
    ignoreResourceStatusField: z.union([z.string(), z.boolean()]).nullish(),
    ignoreDifferencesOnResourceUpdates: z.boolean().nullish(),
  })
  .nullable();

/** `resource.compareoptions` (reference §3.2). */
export function parseCompareOptions(text: string): {
  ignoreStatus: 'all' | 'crd' | 'none';
  ignoreAggregatedRoles: boolean;
  ignoreDifferencesOnUpdates: boolean;
} {
  const options = checkedYaml(compareOptions, text) ?? {};
  const { ignoreAggregatedRoles, ignoreResourceStatusField, ignoreDifferencesOnResourceUpdates } = options;
  return {
    ignoreStatus: statusOption(ignoreResourceStatusField),
    ignoreAggregatedRoles: ignoreAggregatedRoles ?? false,
    ignoreDifferencesOnUpdates: ignoreDifferencesOnResourceUpdates ?? true,
  };
}

function statusOption(value: string | boolean | null | undefined): 'all' | 'crd' | 'none' {
  switch (value) {
    case undefined:
    case null:
    case '':
    case 'all':
      return 'all';
    case 'crd':
      return 'crd';
    case 'none':
    case 'off':
    case 'false':
    case false:
      return 'none';
    default:
      throw invalid('ignoreResourceStatusField: expected all, crd or none');
  }
}
