import { annotations, finalizers, hookDeletePolicies, hookTypes, ownAnnotations } from '@plumbline/apis';
import { annotation, type KubeObject } from '@plumbline/manifests';
import type { HookDeletePolicy, HookType, SyncRequest } from './types.ts';

const helmTypes: ReadonlyMap<string, HookType> = new Map([
  ['pre-install', 'PreSync'],
  ['pre-upgrade', 'PreSync'],
  ['post-install', 'PostSync'],
  ['post-upgrade', 'PostSync'],
  ['pre-delete', 'PreDelete'],
  ['post-delete', 'PostDelete'],
]);

const helmPolicies: ReadonlyMap<string, HookDeletePolicy> = new Map([
  ['before-hook-creation', 'BeforeHookCreation'],
  ['hook-succeeded', 'HookSucceeded'],
  ['hook-failed', 'HookFailed'],
]);

/**
 * The hook types of an object, undefined for an ordinary resource (reference §2.1). An own annotation replaces Helm's.
 * An empty list is a hook that no phase runs: only unknown types, or Helm's `test`. Helm's `crd-install` alone makes an
 * ordinary resource.
 */
export function hookTypesOf(object: KubeObject): readonly HookType[] | undefined {
  const own = annotation(object, annotations.hook);
  if (own !== undefined) return unique(words(own).flatMap((word) => hookTypes.filter((type) => type === word)));
  const helm = annotation(object, annotations.helmHook);
  if (helm === undefined) return undefined;
  const names = words(helm);
  if (names.length > 0 && names.every((name) => name === 'crd-install')) return undefined;
  return unique(names.flatMap((name) => helmTypes.get(name) ?? []));
}

/** Whether the object is a hook of any kind: never compared, never pruned. */
export function isHook(object: KubeObject): boolean {
  return hookTypesOf(object) !== undefined;
}

/** When the hook object is deleted; own and Helm policies united, `BeforeHookCreation` where none is given. */
export function deletePoliciesOf(object: KubeObject): readonly HookDeletePolicy[] {
  const own = words(annotation(object, annotations.hookDeletePolicy) ?? '');
  const helm = words(annotation(object, annotations.helmHookDeletePolicy) ?? '');
  const found = unique([
    ...hookDeletePolicies.filter((policy) => own.includes(policy)),
    ...helm.flatMap((name) => helmPolicies.get(name) ?? []),
  ]);
  return found.length > 0 ? found : ['BeforeHookCreation'];
}

/** What the names of generated hooks are made of. */
type HookNaming = Pick<SyncRequest, 'revision' | 'startedAt' | 'run'>;

/**
 * The hook as it is applied: with a name of its own where it only has `generateName` (the same for every attempt of one
 * operation), with the mark of this very run, so that no other object of the name is taken for it, and with the
 * finalizer that keeps it until its result has been read.
 */
export function hookObject(object: KubeObject, phase: HookType, request: HookNaming): KubeObject {
  const { generateName, ...metadata } = object.metadata;
  const kept = metadata.finalizers ?? [];
  const name = metadata.name || `${generateName ?? ''}${nameSuffix(phase, request)}`;
  const { [annotations.trackingId]: tracking, ...notes } = metadata.annotations ?? {};
  return {
    ...object,
    metadata: {
      ...metadata,
      annotations: {
        ...notes,
        ...(tracking === undefined ? {} : { [annotations.trackingId]: trackedAs(tracking, name) }),
        [ownAnnotations.hookRun]: runMark(phase, request),
      },
      name,
      finalizers: kept.includes(finalizers.hook) ? kept : [...kept, finalizers.hook],
    },
  };
}

/** The tracking id of an object that had no name when it was tracked (`<app>:<group>/<kind>:<ns>/<name>`). */
function trackedAs(tracking: string, name: string): string {
  return tracking.endsWith('/') ? `${tracking}${name}` : tracking;
}

/** Whether the live object is the very one that was made for the hook, and not an older one or somebody else's. */
export function isOfRun(live: KubeObject | undefined, hook: KubeObject | undefined): boolean {
  const mark = hook && annotation(hook, ownAnnotations.hookRun);
  return mark !== undefined && live !== undefined && annotation(live, ownAnnotations.hookRun) === mark;
}

function runMark(phase: HookType, { startedAt, run = 0 }: HookNaming): string {
  return `${phase}-${seconds(startedAt)}${run > 0 ? `.${run}` : ''}`;
}

function nameSuffix(phase: HookType, request: HookNaming): string {
  return `${request.revision.slice(0, 7)}-${phase}-${seconds(request.startedAt)}`.toLowerCase();
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
