import type { AppProject, AppProjectSpec } from '@plumbline/apis';

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

/** The lists of a project that those of its global projects are added to. */
const addedLists = [
  'sourceRepos',
  'destinations',
  'clusterResourceWhitelist',
  'clusterResourceBlacklist',
  'namespaceResourceWhitelist',
  'namespaceResourceBlacklist',
  'syncWindows',
  'destinationServiceAccounts',
] as const satisfies readonly (keyof AppProjectSpec)[];

/** A project with what its global projects say: their lists, windows, sources, destinations and service accounts on top of its own. */
export function withGlobalProjects(project: AppProject, globals: readonly AppProject[]): AppProject {
  if (globals.length === 0) return project;
  const specs = [project, ...globals].map(({ spec }) => spec);
  // A list that is nowhere stays absent: that is not the same as an empty one.
  const lists = addedLists.flatMap((name) => {
    const present = specs.flatMap((spec) => (spec[name] === undefined ? [] : [spec[name]]));
    return present.length === 0 ? [] : [[name, present.flat()]];
  });
  return { ...project, spec: { ...project.spec, ...Object.fromEntries(lists) } };
}
