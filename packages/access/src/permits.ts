import { type AppProject, normalizeRepoURL } from '@plumbline/apis';
import { globMatch, isDeny, matchesAny, negatableMatch } from './glob.ts';

/** A destination as rules see it: resolved, so that server and name are both known. */
export interface DestinationQuery {
  server: string;
  name: string;
  namespace: string;
  /** The project of the cluster's Secret, for `permitOnlyProjectScopedClusters`. */
  clusterProject?: string | undefined;
}

/** An object, as far as rules look at it. */
export interface ResourceQuery {
  group: string;
  kind: string;
  name: string;
  namespaced: boolean;
}

/**
 * Whether sources may come from the repository (reference §9.2, sourceRepos): a `!` that hits forbids, whatever
 * else matches; a list of nothing but `!` allows the rest; an empty list allows none. `*` stops at `/`, but alone it is all.
 */
export function permitsSource(project: AppProject, repoURL: string): boolean {
  const url = normalizeRepoURL(repoURL);
  let permitted = false;
  for (const entry of project.spec.sourceRepos ?? []) {
    const deny = isDeny(entry);
    const hit = globMatch(normalizeRepoURL(deny ? entry.slice(1) : entry), url, { separator: '/' });
    if (deny && hit) return false;
    permitted ||= hit !== deny;
  }
  return permitted;
}

interface EntryOutcome {
  matched: boolean;
  forbidden: boolean;
}

function judgeEntry(
  entry: { server?: string | undefined; name?: string | undefined; namespace?: string | undefined },
  query: DestinationQuery,
): EntryOutcome {
  const { server = '', name = '', namespace = '' } = entry;
  const nameMatches = query.name !== '' && negatableMatch(name, query.name);
  const serverMatches = query.server !== '' && negatableMatch(server, query.server);
  const namespaceMatches = negatableMatch(namespace, query.namespace);
  const matched = (serverMatches || nameMatches) && namespaceMatches;
  const forbidden =
    !matched &&
    ((!nameMatches && isDeny(name)) ||
      (!serverMatches && isDeny(server) && namespaceMatches) ||
      (!namespaceMatches && isDeny(namespace) && serverMatches));
  return { matched, forbidden };
}

/** Whether objects may go to the cluster and namespace (reference §9.2, destinations). */
export function permitsDestination(project: AppProject, query: DestinationQuery): boolean {
  const outcomes = (project.spec.destinations ?? []).map((entry) => judgeEntry(entry, query));
  if (outcomes.some(({ forbidden }) => forbidden) || !outcomes.some(({ matched }) => matched)) return false;
  return !project.spec.permitOnlyProjectScopedClusters || query.clusterProject === project.metadata.name;
}

function listed(
  rules: readonly { group: string; kind: string; name?: string | undefined }[],
  resource: ResourceQuery,
): boolean {
  return rules.some(
    (rule) =>
      globMatch(rule.group, resource.group) &&
      globMatch(rule.kind, resource.kind) &&
      (!rule.name || globMatch(rule.name, resource.name)),
  );
}

/**
 * Whether the kind (and for cluster-scoped objects the name) is allowed (reference §9.2): cluster-scoped must be listed;
 * namespaced are allowed where there is no whitelist, and none with an empty one; a blacklist wins.
 */
export function permitsResource(project: AppProject, resource: ResourceQuery): boolean {
  const { spec } = project;
  if (resource.namespaced) {
    const allowed = spec.namespaceResourceWhitelist === undefined || listed(spec.namespaceResourceWhitelist, resource);
    return allowed && !listed(spec.namespaceResourceBlacklist ?? [], resource);
  }
  return (
    listed(spec.clusterResourceWhitelist ?? [], resource) && !listed(spec.clusterResourceBlacklist ?? [], resource)
  );
}

/**
 * Why an object may not be synced, as its result says it, or undefined where it may: the kind is not allowed, or a
 * namespaced object goes to a namespace that is not.
 */
export function resourceProblem(
  project: AppProject,
  resource: ResourceQuery,
  destination: DestinationQuery,
): string | undefined {
  const { name } = project.metadata;
  if (!permitsResource(project, resource)) {
    return `resource ${resource.group}:${resource.kind} is not permitted in project ${name}`;
  }
  if (resource.namespaced && !permitsDestination(project, destination)) {
    return `namespace ${destination.namespace} is not permitted in project '${name}'`;
  }
  return undefined;
}

/** Whether Applications of the namespace may use the project (reference §9.2, sourceNamespaces). */
export function permitsSourceNamespace(project: AppProject, namespace: string, controlNamespace: string): boolean {
  if (namespace === '' || namespace === controlNamespace) return true;
  return matchesAny(project.spec.sourceNamespaces ?? [], namespace);
}

/** Whether Applications of the namespace are looked at: the control plane's, or one that the globs name (reference §10.3, `application.namespaces`). */
export function isApplicationNamespace(namespace: string, controlNamespace: string, globs: readonly string[]): boolean {
  return namespace === controlNamespace || matchesAny(globs, namespace);
}
