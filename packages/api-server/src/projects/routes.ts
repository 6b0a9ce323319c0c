import { activeWindows } from '@plumbline/access';
import type { AppProject } from '@plumbline/apis';
import type { DetailedProject } from '@plumbline/protocol';
import type { DestinationCluster, RepositoryEntry } from '@plumbline/settings';
import { apiFailure } from '../http/api-failure.ts';
import type { Mount } from '../http/mount.ts';
import { findProject } from './project-store.ts';
import { createRoleToken, deleteRoleToken, type RoleTokenParts } from './tokens.ts';
import { createProject, deleteProject, type ProjectWriteParts, updateProject } from './write-project.ts';

/** What the routes of AppProjects work with. */
export type ProjectParts = ProjectWriteParts &
  RoleTokenParts & {
    repositories(): readonly RepositoryEntry[];
    clusters(): readonly DestinationCluster[];
    /** The global projects whose limits hold for the project, too. */
    globalProjectsOf(project: AppProject): AppProject[];
  };

/** Repositories and clusters of the project, by an allow-list of members: what they hold besides are credentials. */
function detailed(parts: ProjectParts, project: AppProject): DetailedProject {
  const { name } = project.metadata;
  const repositories = parts.repositories().filter((entry) => entry.project === name);
  const clusters = parts.clusters().filter((cluster) => cluster.project === name);
  return {
    project,
    globalProjects: parts.globalProjectsOf(project),
    repositories: repositories.map(({ url, type, name: title }) => ({
      repo: url,
      type,
      project: name,
      ...(title ? { name: title } : {}),
    })),
    clusters: clusters.map(({ server, name: title, namespaces }) => ({
      server,
      name: title,
      project: name,
      namespaces: [...namespaces],
    })),
  };
}

function mountReads(mount: Mount, parts: ProjectParts): void {
  const readable = ({ params }: { params: { name: string } }) => findProject(parts, params.name);
  mount.call('listProjects', ({ rights }) => {
    const items = parts.projects.list().filter(({ metadata }) => rights.can('projects', 'get', metadata.name));
    return { metadata: { resourceVersion: parts.projects.resourceVersion() }, items };
  });
  mount.call('getProject', readable);
  mount.call('detailedProject', async (call) => detailed(parts, await readable(call)));
  mount.call('globalProjects', async (call) => ({ items: parts.globalProjectsOf(await readable(call)) }));
  mount.call('projectEvents', async (call) => {
    const { metadata } = await readable(call);
    const fieldSelector = `involvedObject.uid=${metadata.uid},involvedObject.name=${metadata.name}`;
    const kind = { apiVersion: 'v1', kind: 'Event', namespace: parts.namespace };
    const { items, resourceVersion } = await parts.client.list(kind, { fieldSelector, signal: call.signal });
    return { metadata: { resourceVersion }, items: [...items] };
  });
  mount.call('projectSyncWindows', async (call) => ({
    windows: activeWindows(await readable(call), parts.now()),
  }));
}

function mountTokens(mount: Mount, parts: ProjectParts): void {
  mount.call('createRoleToken', async ({ params: { name: project, role }, body, rights }) => ({
    token: await createRoleToken(parts, { project, role }, { body, rights }),
  }));
  mount.call('deleteRoleToken', async ({ params, query, rights }) => {
    const { name: project, role, iat } = params;
    if (!/^\d+$/.test(iat)) throw apiFailure('InvalidArgument', `the time of issue is no number: "${iat}"`);
    await deleteRoleToken(parts, { project, role, id: query.id ?? '', issuedAt: Number(iat) }, rights);
    return {};
  });
}

/** Routes of AppProjects (reference §8.2). */
export function mountProjects(mount: Mount, parts: ProjectParts): void {
  mountReads(mount, parts);
  mount.call('createProject', ({ body: { project, upsert }, rights }) =>
    createProject(parts, { project, upsert: upsert ?? false, rights }),
  );
  mount.call('updateProject', ({ params: { name }, body: { project }, rights }) =>
    updateProject(parts, { name, project, rights }),
  );
  mount.call('deleteProject', async ({ params: { name } }) => {
    await deleteProject(parts, name);
    return {};
  });
  mountTokens(mount, parts);
}
