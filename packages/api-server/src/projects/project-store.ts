import { type AppProject, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient, ObjectRef } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { apiFailure } from '../http/api-failure.ts';
import { asProject, type ProjectCache } from './project-cache.ts';

/** What reads and writes AppProjects. */
export interface ProjectStore {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  projects: ProjectCache;
}

const attempts = 10;
/** Other names cannot exist; asking for them could reach another path of the Kubernetes API. */
const validName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export function projectRef({ namespace }: Pick<ProjectStore, 'namespace'>, name: string): ObjectRef {
  return { apiVersion: applicationApiVersion, kind: 'AppProject', namespace, name };
}

/** As the Kubernetes API has it now. Throws NotFound. */
export async function liveProject(store: ProjectStore, name: string): Promise<AppProject> {
  const found = validName.test(name) ? await store.client.find(projectRef(store, name)) : null;
  if (!found) throw apiFailure('NotFound', `appprojects.argoproj.io "${name}" not found`);
  return asProject(found);
}

/** The project of the cache, or as the Kubernetes API has it. Throws NotFound. */
export async function findProject(store: ProjectStore, name: string): Promise<AppProject> {
  return store.projects.get(name) ?? liveProject(store, name);
}

/** A project as an object to write. */
export function asObject(project: AppProject): KubeObject {
  return project as unknown as KubeObject;
}

/** Writes what `next` makes of the newest project, again from the start when someone else was faster. */
export async function changeProject(
  store: ProjectStore,
  name: string,
  next: (fresh: AppProject) => AppProject,
): Promise<AppProject> {
  for (let attempt = 1; ; attempt += 1) {
    const fresh = await liveProject(store, name);
    try {
      return store.projects.observe(await store.client.replace(asObject(next(fresh))));
    } catch (error) {
      if (attempt >= attempts || !hasCode(error, 'KUBE_CONFLICT')) throw error;
    }
  }
}
