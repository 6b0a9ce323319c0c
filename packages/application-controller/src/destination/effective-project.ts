import { globalProjectsOf, withGlobalProjects } from '@plumbline/access';
import type { AppProject } from '@plumbline/apis';
import type { Settings } from '@plumbline/settings';

/** Projects as they count: with what the global projects of argocd-cm add to them (reference §9.2). */
export function effectiveProjects(
  find: (name: string) => AppProject | undefined,
  settings: Pick<Settings, 'access'>,
): (name: string) => AppProject | undefined {
  return (name) => {
    const project = find(name);
    if (!project) return undefined;
    return withGlobalProjects(project, globalProjectsOf(project, settings.access().globalProjects, find));
  };
}

/** Whether a change of the project concerns others: it is global. */
export function isGlobal(name: string, settings: Pick<Settings, 'access'>): boolean {
  return settings.access().globalProjects.some(({ projectName }) => projectName === name);
}
