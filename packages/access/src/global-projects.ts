import type { AppProject } from '@plumbline/apis';

/** A label selector of Kubernetes. */
export interface LabelSelector {
  matchLabels?: Readonly<Record<string, string>> | undefined;
  matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] | undefined }[] | undefined;
}

/** An entry of `globalProjects` of argocd-cm: the named project's limits hold for every project with the labels. */
export interface GlobalProjectRule {
  projectName: string;
  labelSelector: LabelSelector;
}

function meets(
  labels: Readonly<Record<string, string>>,
  { key, operator, values = [] }: { key: string; operator: string; values?: readonly string[] | undefined },
): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Readonly<Record<string, string>>) {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => meets(labels, expression))
  );
}

/** The global projects of a project (reference §9.2), of those that `find` knows; a project is never its own. */
export function globalProjectsOf(
  project: AppProject,
  rules: readonly GlobalProjectRule[],
  find: (name: string) => AppProject | undefined,
): AppProject[] {
  const labels = project.metadata.labels ?? {};
  return rules
    .filter(({ projectName, labelSelector }) => projectName !== project.metadata.name && selects(labelSelector, labels))
    .flatMap(({ projectName }) => find(projectName) ?? []);
}

/** Both lists as one; absent only where neither is there. */
function joined<T>(own: readonly T[] | undefined, more: readonly (readonly T[] | undefined)[]): T[] | undefined {
  const all = [own, ...more].filter((list) => list !== undefined);
  return all.length === 0 ? undefined : all.flat();
}

/** A project with what its global projects say: their lists, windows, sources, destinations and service accounts on top of its own. */
export function withGlobalProjects(project: AppProject, globals: readonly AppProject[]): AppProject {
  if (globals.length === 0) return project;
  const specs = globals.map(({ spec }) => spec);
  const merged = {
    sourceRepos: joined(
      project.spec.sourceRepos,
      specs.map((spec) => spec.sourceRepos),
    ),
    destinations: joined(
      project.spec.destinations,
      specs.map((spec) => spec.destinations),
    ),
    clusterResourceWhitelist: joined(
      project.spec.clusterResourceWhitelist,
      specs.map((spec) => spec.clusterResourceWhitelist),
    ),
    clusterResourceBlacklist: joined(
      project.spec.clusterResourceBlacklist,
      specs.map((spec) => spec.clusterResourceBlacklist),
    ),
    namespaceResourceWhitelist: joined(
      project.spec.namespaceResourceWhitelist,
      specs.map((spec) => spec.namespaceResourceWhitelist),
    ),
    namespaceResourceBlacklist: joined(
      project.spec.namespaceResourceBlacklist,
      specs.map((spec) => spec.namespaceResourceBlacklist),
    ),
    syncWindows: joined(
      project.spec.syncWindows,
      specs.map((spec) => spec.syncWindows),
    ),
    destinationServiceAccounts: joined(
      project.spec.destinationServiceAccounts,
      specs.map((spec) => spec.destinationServiceAccounts),
    ),
  };
  const present = Object.fromEntries(Object.entries(merged).filter(([, list]) => list !== undefined));
  return { ...project, spec: { ...project.spec, ...present } };
}
