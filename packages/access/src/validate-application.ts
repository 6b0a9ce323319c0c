import {
  type Application,
  type ApplicationCondition,
  type ApplicationSource,
  type AppProject,
  conditionTypes,
  defaultProject,
  hasMultipleSources,
  hydratedSource,
  type SourceHydrator,
  sameRepo,
} from '@plumbline/apis';
import { permitsDestination, permitsSource, permitsSourceNamespace } from './permits.ts';

export interface ValidationContext {
  /** The AppProject that the Application names; undefined where it does not exist. */
  project: AppProject | undefined;
  /** The resolved cluster, or why it cannot be resolved. Undefined: not judged here. */
  destination: { server: string; name: string; project?: string | undefined } | { problem: string } | undefined;
  controlNamespace: string;
}

/** What one source lacks, or undefined. */
function sourceProblem(source: ApplicationSource, multiple: boolean): string | undefined {
  const located = Boolean(source.path || source.chart || (multiple && source.ref));
  if (!source.repoURL || !located) {
    return multiple
      ? `spec.source.repoURL and either source.path, source.chart, or source.ref are required for source ${JSON.stringify(source)}`
      : 'spec.source.repoURL and either spec.source.path or spec.source.chart are required';
  }
  if (source.chart && !source.targetRevision) {
    return 'spec.source.targetRevision is required if the manifest source is a helm chart';
  }
  return undefined;
}

function hydratorProblems(hydrator: SourceHydrator): string[] {
  const problems: string[] = [];
  if (!hydrator.drySource.repoURL) problems.push('spec.sourceHydrator.drySource.repoURL is required');
  if (!hydrator.syncSource.targetBranch) problems.push('spec.sourceHydrator.syncSource.targetBranch is required');
  if (hydrator.hydrateTo && !hydrator.hydrateTo.targetBranch) {
    problems.push('when spec.sourceHydrator.hydrateTo is set, spec.sourceHydrator.hydrateTo.targetBranch is required');
  }
  return problems;
}

function repoProblem(project: AppProject, repoURL: string, what = 'application'): string[] {
  if (permitsSource(project, repoURL)) return [];
  return [`${what} repo ${repoURL} is not permitted in project '${project.metadata.name}'`];
}

function hydratorRepoProblems(hydrator: SourceHydrator, project: AppProject): string[] {
  const { repoURL } = hydrator.drySource;
  const sync = hydratedSource(hydrator).repoURL;
  return [
    ...repoProblem(project, repoURL),
    ...(sameRepo(sync, repoURL) ? [] : repoProblem(project, sync, 'sync source')),
  ];
}

/** `complete` says that the sources are whole, so that the destination is worth looking at. */
function sourceProblems(app: Application, project: AppProject): { problems: string[]; complete: boolean } {
  const { spec } = app;
  if (spec.sourceHydrator) {
    const incomplete = hydratorProblems(spec.sourceHydrator);
    if (incomplete.length > 0) return { problems: incomplete, complete: false };
    return { problems: hydratorRepoProblems(spec.sourceHydrator, project), complete: true };
  }
  const multiple = hasMultipleSources(spec);
  const problems: string[] = [];
  for (const source of multiple ? (spec.sources ?? []) : [spec.source ?? { repoURL: '' }]) {
    const incomplete = sourceProblem(source, multiple);
    if (incomplete !== undefined) return { problems: [...problems, incomplete], complete: false };
    problems.push(...repoProblem(project, source.repoURL));
  }
  return { problems, complete: true };
}

function destinationProblem(app: Application, project: AppProject, context: ValidationContext): string[] {
  const { destination } = context;
  if (!destination) return [];
  if ('problem' in destination) return [destination.problem];
  const namespace = app.spec.destination.namespace ?? '';
  const query = { server: destination.server, name: destination.name, namespace, clusterProject: destination.project };
  if (permitsDestination(project, query)) return [];
  const server = app.spec.destination.name ? destination.name : destination.server;
  return [
    `application destination server '${server}' and namespace '${namespace}' do not match any of the allowed destinations in project '${project.metadata.name}'`,
  ];
}

function problemsOf(app: Application, context: ValidationContext): string[] {
  const { project, controlNamespace } = context;
  const projectName = app.spec.project || defaultProject;
  if (!project) return [`Application referencing project ${projectName} which does not exist`];
  const namespace = app.metadata.namespace ?? '';
  if (!permitsSourceNamespace(project, namespace, controlNamespace)) {
    return [
      `application '${app.metadata.name}' in namespace '${namespace}' is not permitted to use project '${projectName}'`,
    ];
  }
  const { problems, complete } = sourceProblems(app, project);
  return complete ? [...problems, ...destinationProblem(app, project, context)] : problems;
}

/**
 * What is wrong with an Application's spec under its project: conditions of type InvalidSpecError, none where all is
 * well (reference §1.1, §9.2). They carry no time: the controller keeps that of an unchanged condition.
 */
export function validateApplication(app: Application, context: ValidationContext): ApplicationCondition[] {
  return problemsOf(app, context).map((message) => ({ type: conditionTypes.invalidSpecError, message }));
}
