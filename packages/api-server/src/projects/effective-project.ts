import { globalProjectsOf, withGlobalProjects } from '@plumbline/access';
import type { AppProject } from '@plumbline/apis';
import type { AccountSettings } from '../session/user.ts';
import type { ProjectCache } from './project-cache.ts';

/** Projects as they count: with what the global projects of argocd-cm add to them (reference §9.2). */
export function effectiveProject(
  settings: Pick<AccountSettings, 'access'>,
  projects: Pick<ProjectCache, 'get'>,
): (project: AppProject) => AppProject {
  return (project) =>
    withGlobalProjects(project, globalProjectsOf(project, settings.access().globalProjects, projects.get));
}
