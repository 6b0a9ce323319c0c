import { validateApplication, validateProject } from '@plumbline/access';
import { type Application, type AppProject, type AppProjectSpec, defaultProject } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import { deepEqual } from '@plumbline/manifests';
import type { Rights } from '../access/rights.ts';
import type { ApplicationCache } from '../applications/application-cache.ts';
import { asApplication } from '../applications/application-object.ts';
import { projectOf } from '../applications/filter.ts';
import { clusterOrProblem, type ResolveDestination } from '../applications/validate.ts';
import { apiFailure } from '../http/api-failure.ts';
import { asObject, changeProject, liveProject, type ProjectStore, projectRef } from './project-store.ts';

export type ProjectWriteParts = ProjectStore & {
  cache: ApplicationCache;
  resolveDestination: ResolveDestination;
  effective(project: AppProject): AppProject;
};

function checkValid(project: AppProject): void {
  const problems = validateProject(project);
  if (problems.length === 0) return;
  throw apiFailure('InvalidArgument', `project ${project.metadata.name} is invalid: ${problems.join('; ')}`);
}

function applicationsOf({ cache }: ProjectWriteParts, project: string): Application[] {
  return cache
    .list()
    .map(asApplication)
    .filter((application) => projectOf(application) === project);
}

/** Creates a project. An equal one is answered as it is; a different one is refused, or with `upsert` replaced. */
export async function createProject(
  parts: ProjectWriteParts,
  { project, upsert, rights }: { project: AppProject; upsert: boolean; rights: Rights },
): Promise<AppProject> {
  const { name } = project.metadata;
  rights.require('projects', 'create', name);
  checkValid(project);
  const { namespace } = parts;
  const metadata = { ...project.metadata, namespace };
  try {
    return parts.projects.observe(await parts.client.create(asObject({ ...project, metadata })));
  } catch (error) {
    if (!hasCode(error, 'KUBE_ALREADY_EXISTS')) throw error;
  }
  const stored = await liveProject(parts, name);
  if (deepEqual(stored.spec, project.spec)) return stored;
  if (!upsert) {
    throw apiFailure('InvalidArgument', 'existing project spec is different, use upsert flag to force update');
  }
  rights.require('projects', 'update', name);
  return changeProject(parts, name, (fresh) => {
    checkWidening(fresh.spec, project.spec, rights);
    return { ...fresh, spec: project.spec };
  });
}

/** Replaces a project. Refused where Applications that are well under the old one would not be under the new. */
export async function updateProject(
  parts: ProjectWriteParts,
  { name, project, rights }: { name: string; project: AppProject; rights: Rights },
): Promise<AppProject> {
  const wanted = { ...project, metadata: { ...project.metadata, name, namespace: parts.namespace } };
  checkValid(wanted);
  const stored = await liveProject(parts, name);
  checkWidening(stored.spec, wanted.spec, rights);
  checkApplications(parts, stored, wanted);
  const { labels, annotations, finalizers, resourceVersion } = wanted.metadata;
  const metadata = {
    ...stored.metadata,
    labels,
    annotations,
    finalizers,
    resourceVersion: resourceVersion || stored.metadata.resourceVersion,
  };
  return parts.projects.observe(await parts.client.replace(asObject({ ...stored, metadata, spec: wanted.spec })));
}

/** Who opens a project to further clusters and repositories must have the right to change those. */
function checkWidening(from: AppProjectSpec, to: AppProjectSpec, rights: Rights): void {
  const servers = (spec: AppProjectSpec) => (spec.destinations ?? []).map(({ server, name }) => server || name || '');
  const known = new Set([...servers(from), ...(from.sourceRepos ?? [])]);
  for (const server of servers(to)) if (!known.has(server)) rights.require('clusters', 'update', server);
  for (const url of to.sourceRepos ?? []) if (!known.has(url)) rights.require('repositories', 'update', url);
}

function checkApplications(parts: ProjectWriteParts, from: AppProject, to: AppProject): void {
  const problemsUnder = (application: Application, project: AppProject) =>
    validateApplication(application, {
      project: parts.effective(project),
      destination: clusterOrProblem(parts.resolveDestination, application.spec.destination),
      controlNamespace: parts.namespace,
    });
  const broken = applicationsOf(parts, from.metadata.name).filter(
    (application) => problemsUnder(application, from).length === 0 && problemsUnder(application, to).length > 0,
  );
  if (broken.length === 0) return;
  const names = broken.slice(0, 5).map(({ metadata }) => metadata.name);
  const more = broken.length > names.length ? ', …' : '';
  const text = `as a result of project update ${broken.length} applications would become invalid: ${names.join(', ')}${more}`;
  throw apiFailure('InvalidArgument', text);
}

/** Deletes a project that no Application uses. */
export async function deleteProject(parts: ProjectWriteParts, name: string): Promise<void> {
  if (name === defaultProject) {
    throw apiFailure('InvalidArgument', `name '${name}' is reserved and cannot be deleted`);
  }
  const project = await liveProject(parts, name);
  const { uid } = project.metadata;
  const users = applicationsOf(parts, name).length;
  if (users > 0) throw apiFailure('InvalidArgument', `project is referenced by ${users} applications`);
  const options = { propagationPolicy: 'Background' as const, ...(uid ? { uid } : {}) };
  const pending = await parts.client.delete(projectRef(parts, name), options);
  if (pending) parts.projects.observe(pending);
  else parts.projects.forget(project);
}
