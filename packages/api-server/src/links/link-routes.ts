import type { Application } from '@plumbline/apis';
import { errorMessage } from '@plumbline/errors';
import type { ApiSettings, DestinationCluster } from '@plumbline/settings';
import type { Logger } from '@plumbline/telemetry';
import { findApplication } from '../applications/lookup.ts';
import type { Mount } from '../http/mount.ts';
import { liveObject, shownObject } from '../live/live-object.ts';
import type { LiveParts } from '../live/live-parts.ts';
import type { ProjectCache } from '../projects/project-cache.ts';
import { findProject } from '../projects/project-store.ts';
import { deepLinks, type LinkFacts } from './deep-links.ts';

export interface LinkParts {
  live: LiveParts;
  projects: ProjectCache;
  links(): ApiSettings['links'];
  resolveDestination(destination: Application['spec']['destination']): DestinationCluster;
  logger: Logger;
}

/** What may be told of the cluster of an Application: never how to get in. */
function clusterFacts({ resolveDestination }: LinkParts, { spec }: Application): LinkFacts {
  try {
    const { server, name, namespaces, project } = resolveDestination(spec.destination);
    return { cluster: { server, name, namespaces, project } };
  } catch {
    return {};
  }
}

function applicationFacts(parts: LinkParts, app: Application): LinkFacts {
  const project = parts.projects.get(app.spec.project);
  return { app, application: app, ...(project ? { project } : {}), ...clusterFacts(parts, app) };
}

/** Deep links of Applications, of their objects and of projects (reference §10.1). */
export function mountLinks(mount: Mount, parts: LinkParts): void {
  const { live, links, logger } = parts;
  const told = (title: string, error: unknown) =>
    logger.warn('a link of argocd-cm cannot be made', { link: title, error: errorMessage(error) });
  mount.call('applicationLinks', async ({ params, query, rights }) => {
    const app = await findApplication(live, { name: params.name, ...query, rights });
    return deepLinks(links().application, applicationFacts(parts, app), told);
  });
  mount.call('resourceLinks', async (call) => {
    const app = await findApplication(live, { name: call.params.name, ...call.query, rights: call.rights });
    const { client, ref } = await liveObject(live, call);
    const object = await client.get(ref, { signal: call.signal });
    const resource: unknown = JSON.parse(shownObject(object, live.sensitiveAnnotations()));
    return deepLinks(links().resource, { ...applicationFacts(parts, app), resource }, told);
  });
  mount.call('projectLinks', async ({ params }) => {
    const project = await findProject({ ...live, projects: parts.projects }, params.name);
    return deepLinks(links().project, { project }, told);
  });
}
