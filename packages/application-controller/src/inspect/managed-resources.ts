import { normalize } from '@plumbline/diff';
import { type HideOptions, hideDigests, isSecret, type KubeObject, stringifyJson } from '@plumbline/manifests';
import type { ManagedResource } from '@plumbline/protocol';
import type { ResourceState } from '../compare/compare-state.ts';

/** Both sides of every declared or managed object, as the API shows them: Secret values as runs of `+` (§3.4). */
export function managedResources(resources: readonly ResourceState[], options?: HideOptions): ManagedResource[] {
  return resources.filter((item) => item.key.name).map((item) => managedResource(item, options));
}

function managedResource(item: ResourceState, options: HideOptions | undefined): ManagedResource {
  const { key, comparison } = item;
  const target = item.target?.object;
  const live = item.liveObject;
  const predicted = comparison?.predicted ?? live;
  const [targetShown, liveShown, predictedShown] = hideDigests([target, live, predicted], options);
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
    normalizedLiveState: text(liveShown && normalize(liveShown)),
    predictedLiveState: text(target && predictedShown ? normalize(predictedShown) : undefined),
    resourceVersion: live?.metadata.resourceVersion ?? '',
    modified: comparison?.outOfSync ?? false,
    differences: live && isSecret(live) ? differencesHidden(item) : [...(comparison?.differences ?? [])],
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
