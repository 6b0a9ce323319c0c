import { joinApiVersion } from '@plumbline/manifests';
import type { ApiResource } from '../types.ts';

/** What one version of an API group serves. `stale`: the group's own server does not answer just now. */
export interface ServedVersion {
  group: string;
  version: string;
  stale: boolean;
  resources: readonly ApiResource[];
}

interface AggregatedResource {
  resource: string;
  responseKind?: { group?: string; version?: string; kind?: string };
  scope: string;
  verbs?: string[];
  shortNames?: string[];
}

interface AggregatedDocument {
  items?: {
    metadata?: { name?: string };
    versions?: { version: string; freshness?: string; resources?: AggregatedResource[] }[];
  }[];
}

/** Reads an `APIGroupDiscoveryList`: versions in the server's order of preference. */
export function parseAggregated(document: unknown): ServedVersion[] {
  const { items = [] } = document as AggregatedDocument;
  return items.flatMap(({ metadata, versions = [] }) => {
    const group = metadata?.name ?? '';
    return versions.map(({ version, freshness, resources = [] }) => ({
      group,
      version,
      stale: freshness === 'Stale',
      resources: resources
        .filter(({ responseKind }) => responseKind?.kind)
        .map((resource) => ({
          group,
          version,
          kind: resource.responseKind?.kind ?? '',
          plural: resource.resource,
          namespaced: resource.scope === 'Namespaced',
          verbs: resource.verbs ?? [],
          shortNames: resource.shortNames ?? [],
        })),
    }));
  });
}

interface ClassicList {
  resources?: { name: string; kind: string; namespaced?: boolean; verbs?: string[]; shortNames?: string[] }[];
}

/** Reads a classic `APIResourceList` of one group and version; subresources are left out. */
export function parseClassic(group: string, version: string, document: unknown): ServedVersion {
  const { resources = [] } = document as ClassicList;
  return {
    group,
    version,
    stale: false,
    resources: resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced, verbs, shortNames }) => ({
        group,
        version,
        kind,
        plural: name,
        namespaced: namespaced === true,
        verbs: verbs ?? [],
        shortNames: shortNames ?? [],
      })),
  };
}

/** The versions that `/api` and `/apis` of a server without aggregated discovery name, preferred ones first. */
export function classicVersions(core: unknown, groups: unknown): { group: string; version: string }[] {
  const { versions = [] } = core as { versions?: string[] };
  type Groups = {
    groups?: { name: string; versions?: { version: string }[]; preferredVersion?: { version: string } }[];
  };
  const named = ((groups as Groups).groups ?? []).flatMap(({ name, versions: all = [], preferredVersion }) => {
    const list = all.map(({ version }) => version);
    const first = preferredVersion?.version;
    return (first ? [first, ...list.filter((version) => version !== first)] : list).map((version) => ({
      group: name,
      version,
    }));
  });
  return [...versions.map((version) => ({ group: '', version })), ...named];
}

/** Look-ups over what a server serves. */
export interface ServedIndex {
  byVersion: ReadonlyMap<string, ApiResource>;
  byGroupKind: ReadonlyMap<string, ApiResource>;
  watchable: readonly ApiResource[];
  apiVersions: readonly string[];
}

/** `byVersion` is keyed `group/version/Kind`, `byGroupKind` `group/Kind` (its preferred version). */
export function indexServed(served: readonly ServedVersion[]): ServedIndex {
  const byVersion = new Map<string, ApiResource>();
  const byGroupKind = new Map<string, ApiResource>();
  const names = new Set<string>();
  for (const { group, version, resources } of served) {
    const apiVersion = joinApiVersion(group, version);
    if (resources.length > 0) names.add(apiVersion);
    for (const resource of resources) {
      const name = `${apiVersion}/${resource.kind}`;
      // The first of several resources of one kind is the one that holds objects (not a review or a binding).
      if (!byVersion.has(name)) byVersion.set(name, resource);
      const groupKind = `${group}/${resource.kind}`;
      if (!byGroupKind.has(groupKind)) byGroupKind.set(groupKind, resource);
      names.add(name);
    }
  }
  const watchable = [...byGroupKind.values()].filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'));
  return { byVersion, byGroupKind, watchable, apiVersions: [...names].sort() };
}
