import { type Application, normalizeSpec } from '@plumbline/apis';
import { applicable } from '@plumbline/diff';
import {
  deepEqual,
  type GroupKind,
  groupKindOf,
  type KubeObject,
  keyOf,
  keyString,
  type ResourceKey,
  type TrackingOptions,
  withTracking,
} from '@plumbline/manifests';
import { isApplicationKind } from '../application-kind.ts';

/** A rendered object as this Application wants it live: with namespace and tracking. */
export interface TargetObject {
  key: ResourceKey;
  /** Values of Secrets are digests. The same reference over passes as long as the content is the same. */
  object: KubeObject;
  /** Undefined: the destination has no such kind (yet). */
  namespaced: boolean | undefined;
}

export interface TargetFacts {
  /** Tracking name of the Application. */
  application: string;
  tracking: TrackingOptions;
  /** The destination namespace; may be ''. */
  namespace: string;
  /** Whether a kind is namespaced in the destination; undefined where it is unknown there. */
  scopeOf(kind: KindRef): Promise<boolean | undefined>;
  /** Kinds that settings leave out there (reference §6). */
  excluded?: { has(kind: GroupKind): boolean /** Equal for equal settings. */; text: string };
}

export interface KindRef {
  apiVersion: string;
  kind: string;
}

/** The scopes of all kinds of these objects, asked once a kind. */
export async function scopesOf(objects: readonly KindRef[], facts: TargetFacts): Promise<ScopeOf> {
  const kinds = new Map(objects.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  const known = await Promise.all([...kinds].map(async ([name, kind]) => [name, await facts.scopeOf(kind)] as const));
  const scopes = new Map(known);
  return ({ apiVersion, kind }) => scopes.get(`${apiVersion}/${kind}`);
}

/** Whether a kind is namespaced; undefined where it is unknown. */
export type ScopeOf = (kind: KindRef) => boolean | undefined;

/** Objects in their place, and the keys of those that are not among them. */
export interface BuiltTargets {
  targets: TargetObject[];
  /** Of these more than one was rendered; the last one counts. */
  repeated: ResourceKey[];
  /** Of kinds that settings leave out. */
  excluded: ResourceKey[];
}

/**
 * Puts rendered objects in their place: fills the destination namespace into namespaced objects that lack one (never
 * overwriting), takes it off cluster-scoped ones, adds tracking (reference §1.1, §3.5). Of two objects with one key
 * the last wins; the key is told in `repeated` (reference §2.3). Objects of excluded kinds are left out.
 */
export function buildTargets(rendered: readonly KubeObject[], facts: TargetFacts, isNamespaced: ScopeOf): BuiltTargets {
  const byKey = new Map<string, TargetObject>();
  const repeated: ResourceKey[] = [];
  const excluded: ResourceKey[] = [];
  rendered.forEach((object, index) => {
    const target = placeTarget(object, facts, isNamespaced);
    if (facts.excluded?.has(target.key)) {
      excluded.push(target.key);
      return;
    }
    const name = target.key.name ? keyString(target.key) : `${keyString(target.key)}#${index}`;
    if (byKey.delete(name)) repeated.push(target.key);
    byKey.set(name, target);
  });
  return { targets: [...byKey.values()], repeated, excluded };
}

/** One object of {@link buildTargets}. */
export function placeTarget(rendered: KubeObject, facts: TargetFacts, isNamespaced: ScopeOf): TargetObject {
  const namespaced = isNamespaced(rendered);
  const clean = isApplicationKind(groupKindOf(rendered))
    ? normalizedApplication(applicable(rendered))
    : applicable(rendered);
  const { namespace: own, ...metadata } = clean.metadata;
  const namespace = namespaced === false ? '' : own || facts.namespace;
  const placed: KubeObject = { ...clean, metadata: namespace ? { ...metadata, namespace } : metadata };
  const object = withTracking(placed, {
    application: facts.application,
    namespace: facts.namespace,
    ...facts.tracking,
  });
  return { key: keyOf(object), object, namespaced };
}

/** A child Application as its own controller writes it back (reference §1.1), so that the two do not fight over it. */
function normalizedApplication(object: KubeObject): KubeObject {
  const spec = object['spec'] as Application['spec'] | undefined;
  return spec ? { ...object, spec: normalizeSpec(spec) } : object;
}

/** Takes over the former references of objects whose content did not change, so that what was computed on them holds. */
export function shareUnchanged(targets: readonly TargetObject[], former: readonly TargetObject[]): TargetObject[] {
  const known = new Map(former.map((target) => [keyString(target.key), target]));
  return targets.map((target) => {
    const same = known.get(keyString(target.key));
    return same && same.namespaced === target.namespaced && deepEqual(same.object, target.object) ? same : target;
  });
}
