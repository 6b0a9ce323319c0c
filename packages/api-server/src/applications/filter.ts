import { applicationObject } from '@plumbline/access';
import { type Application, defaultProject, sourcesOf } from '@plumbline/apis';
import type { ApplicationListQuery } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import { labelSelector } from './label-selector.ts';

export type ApplicationFilter = (application: Application) => boolean;

/** The project of an Application; none named is `default`. */
export function projectOf(application: Application): string {
  return application.spec.project || defaultProject;
}

/**
 * Which Applications a list or watch holds (reference §8.2). `projects` and `project` mean the same, as both occur.
 * @throws InvalidArgument for a bad selector.
 */
export function applicationFilter(query: ApplicationListQuery): ApplicationFilter {
  const projects = new Set([...(query.projects ?? []), ...(query.project ?? [])].filter((name) => name !== ''));
  const selected = query.selector === undefined ? undefined : labelSelector(query.selector);
  return (application) =>
    (query.name === undefined || application.metadata.name === query.name) &&
    (query.appNamespace === undefined || application.metadata.namespace === query.appNamespace) &&
    (projects.size === 0 || projects.has(projectOf(application))) &&
    (query.repo === undefined || sourcesOf(application.spec).some((source) => source.repoURL === query.repo)) &&
    (selected?.(application.metadata.labels) ?? true);
}

/** Which Applications the caller may see. */
export function readableBy(rights: Rights, controlNamespace: string): ApplicationFilter {
  rights.open(); // An empty list asks nothing.
  return (application) => rights.can('applications', 'get', applicationObject(application, controlNamespace));
}
