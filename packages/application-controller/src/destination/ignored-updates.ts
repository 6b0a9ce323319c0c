import { deletePaths, dropIgnored, matchingRules } from '@plumbline/diff';
import { deepEqual, type JsonValue, type KubeObject } from '@plumbline/manifests';
import type { ControlSettings } from '@plumbline/settings';
import { parsePlainPath, pathsOf } from './plain-path.ts';

type Rules = Pick<ControlSettings, 'live' | 'ignoreDifferences'>;

/**
 * Whether only such fields of a managed object have changed as argocd-cm says are no reason to compare again (reference §6,
 * update suppression). Where no rule is for the kind, nothing is ignored here. Expressions in jq count where they are plain
 * paths (`.spec.a[].b`); others would have to be run for every event, and cost more than the comparison that they save.
 */
export function isIgnoredUpdate(before: KubeObject, after: KubeObject, { live, ignoreDifferences }: Rules): boolean {
  const { enabled, rules, ignoreDifferences: alsoDifferences } = live.ignoreUpdates;
  if (!enabled) return false;
  const matching = matchingRules(after, alsoDifferences ? [...rules, ...ignoreDifferences] : rules);
  if (matching.length === 0) return false;
  const paths = matching.flatMap((rule) => rule.jqPathExpressions).flatMap((text) => parsePlainPath(text) ?? []);
  const rest = (object: KubeObject): JsonValue => {
    const { live: kept } = dropIgnored({ target: object, live: object }, matching);
    const { status: _status, ...shown } = deletePaths(
      kept,
      paths.flatMap((path) => pathsOf(kept, path)),
    );
    const { resourceVersion: _version, generation: _generation, managedFields: _fields, ...metadata } = shown.metadata;
    return { ...shown, metadata } as unknown as JsonValue;
  };
  return deepEqual(rest(before), rest(after));
}
