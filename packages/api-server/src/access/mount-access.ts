import { globalProjectsOf } from '@plumbline/access';
import type { AppProject } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { createControlSecret } from '../accounts/control-secret.ts';
import { mountAccounts } from '../accounts/routes.ts';
import type { ApplicationCache } from '../applications/application-cache.ts';
import type { ResolveDestination } from '../applications/validate.ts';
import type { Mount } from '../http/mount.ts';
import type { ProjectCache } from '../projects/project-cache.ts';
import { mountProjects } from '../projects/routes.ts';
import type { SessionParts } from '../session/routes.ts';

export interface AccessRouteParts {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  cache: ApplicationCache;
  projects: ProjectCache;
  resolveDestination: ResolveDestination;
  effective(project: AppProject): AppProject;
}

/** The routes of accounts and projects. */
export function mountAccess(mount: Mount, parts: AccessRouteParts, session: SessionParts): void {
  const { accounts, limit, logger, now } = session;
  const { projects } = parts;
  mountAccounts(mount, { accounts, secret: createControlSecret(parts), limit, logger, now });
  mountProjects(mount, {
    ...parts,
    accounts,
    now,
    repositories: accounts.repositories,
    clusters: accounts.clusters,
    globalProjectsOf: (project) => globalProjectsOf(project, accounts.access().globalProjects, projects.get),
  });
}
