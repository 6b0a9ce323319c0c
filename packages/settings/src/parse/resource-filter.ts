import { globMatch } from '@plumbline/access';
import { parseYaml } from '@plumbline/manifests';
import { z } from 'zod';
import { invalid } from './values.ts';

const globs = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
const rules = z.array(z.object({ apiGroups: globs, kinds: globs, clusters: globs })).nullable();

/** A rule of `resource.exclusions` or `resource.inclusions`: globs, an empty list is any. */
export interface ResourceFilterRule {
  apiGroups: readonly string[];
  kinds: readonly string[];
  clusters: readonly string[];
}

/** Kinds that are never watched (reference §6): many, short-lived, and nobody's target. */
const always: readonly ResourceFilterRule[] = [
  { apiGroups: ['events.k8s.io', 'metrics.k8s.io'], kinds: [], clusters: [] },
  { apiGroups: [''], kinds: ['Event'], clusters: [] },
  { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'], clusters: [] },
];

/** Parses the YAML list of rules. Throws with the line, or with what is wrong in which entry. */
export function parseFilterRules(text: string): ResourceFilterRule[] {
  const parsed = rules.safeParse(parseYaml(text, { file: 'value' }));
  if (parsed.success) return parsed.data ?? [];
  const [issue] = parsed.error.issues;
  throw invalid(
    `expected a list of {apiGroups, kinds, clusters}: ${issue?.path.join('.') || 'value'}: ${issue?.message}`,
  );
}

function anyOf(patterns: readonly string[], value: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => globMatch(pattern, value));
}

function covers(rule: ResourceFilterRule, kind: { group: string; kind: string }, server: string): boolean {
  return anyOf(rule.apiGroups, kind.group) && anyOf(rule.kinds, kind.kind) && anyOf(rule.clusters, server);
}

/** Reference §6: exclusion beats inclusion; where an inclusion is for the cluster, all that no inclusion names is out. */
export function resourceFilter(
  exclusions: readonly ResourceFilterRule[],
  inclusions: readonly ResourceFilterRule[],
): (kind: { group: string; kind: string }, server: string) => boolean {
  return (kind, server) => {
    if ([...always, ...exclusions].some((rule) => covers(rule, kind, server))) return true;
    if (inclusions.some((rule) => covers(rule, kind, server))) return false;
    return inclusions.some((rule) => anyOf(rule.clusters, server));
  };
}
