import type { ExplainedDifference } from '@plumbline/diff';
import { type HideOptions, hideDigests, isSecret, type KubeObject, stringifyJson } from '@plumbline/manifests';
import type { ManagedResource } from '@plumbline/protocol';
import type { ResourceState } from '../compare/compare-state.ts';
import type { ComparerRules } from '../compare/resource-comparer.ts';
import { explainResource, shownExplanation } from './explain-resource.ts';

/** Both sides of every declared or managed object, as the API shows them: Secret values as runs of `+` (§3.4). */
export async function managedResources(
  resources: readonly ResourceState[],
  rules: ComparerRules,
  options?: HideOptions,
): Promise<ManagedResource[]> {
  const named = resources.filter((item) => item.key.name);
  return Promise.all(named.map((item) => managedResource(item, rules, options)));
}

async function managedResource(
  item: ResourceState,
  rules: ComparerRules,
  options: HideOptions | undefined,
): Promise<ManagedResource> {
  const { key, comparison } = item;
  const target = item.target?.object;
  const live = item.liveObject;
  const explained = await explainResource(item, rules);
  const sides = [target, live, explained.predicted, explained.live];
  const [targetShown, liveShown, predictedShown, normalizedShown] = hideDigests(sides, options);
  const shown = targetShown && liveShown ? { target: targetShown, live: liveShown } : undefined;
  return {
    group: key.group,
    kind: key.kind,
    namespace: key.namespace,
    name: key.name,
    version: item.version,
    targetState: text(targetShown),
    liveState: text(liveShown && withoutManagers(liveShown)),
    diff: '',
    hook: item.hook,
    normalizedLiveState: text(normalizedShown),
    predictedLiveState: text(predictedShown),
    resourceVersion: live?.metadata.resourceVersion ?? '',
    modified: comparison?.outOfSync ?? (target !== undefined && !live && !item.hook),
    differences: live && isSecret(live) ? differencesHidden(item) : [...(comparison?.differences ?? [])],
    explanation: shown ? shownExplanation(explained.explanation, shown).map(asText) : [],
  };
}

/** A rule without the lists that it lacks. */
function asText({ rule, ...difference }: ExplainedDifference): NonNullable<ManagedResource['explanation']>[number] {
  if (!rule) return difference;
  const { group, kind, name, namespace, jsonPointers, jqPathExpressions } = rule;
  return {
    ...difference,
    rule: {
      ...(group ? { group } : {}),
      kind,
      ...(name ? { name } : {}),
      ...(namespace ? { namespace } : {}),
      ...(jsonPointers ? { jsonPointers: [...jsonPointers] } : {}),
      ...(jqPathExpressions ? { jqPathExpressions: [...jqPathExpressions] } : {}),
    },
  };
}

function differencesHidden(item: ResourceState): ManagedResource['differences'] {
  return (item.comparison?.differences ?? []).map(({ path, manager, time }) => ({
    path,
    ...(manager ? { manager } : {}),
    ...(time ? { time } : {}),
  }));
}

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function text(object: KubeObject | undefined): string {
  return object ? stringifyJson(object) : '';
}
