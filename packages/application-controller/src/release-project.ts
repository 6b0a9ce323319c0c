import { type Application, type AppProject, applicationApiVersion, defaultProject, finalizers } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { errorMessage, hasCode } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import type { ApplicationStore } from './application-store.ts';

export interface ReleaseProjectOptions {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  applications: Iterable<Application>;
  logger: Logger;
}

/**
 * Lets a project go that is being deleted and carries the finalizer of resources, once no Application is of it: until then it
 * keeps limiting them (reference §1.6, §9.2). What fails is tried again with the next change of the project or its Applications.
 */
export async function releaseProject(project: AppProject | undefined, options: ReleaseProjectOptions): Promise<void> {
  if (!project?.metadata.deletionTimestamp) return;
  const { name, resourceVersion, finalizers: all = [] } = project.metadata;
  if (!all.includes(finalizers.resources)) return;
  for (const { spec } of options.applications) if ((spec.project || defaultProject) === name) return;
  const { client, namespace, logger } = options;
  const ref = { apiVersion: applicationApiVersion, kind: 'AppProject', namespace, name };
  const left = all.filter((finalizer) => finalizer !== finalizers.resources);
  try {
    await client.patch(ref, { metadata: { resourceVersion, finalizers: left } }, { type: 'merge' });
  } catch (error) {
    if (hasCode(error, 'KUBE_NOT_FOUND') || hasCode(error, 'KUBE_CONFLICT')) return;
    logger.warn('a project that is being deleted cannot be let go of', { project: name, error: errorMessage(error) });
  }
}

/** Releases projects as they and their Applications change; not before all Applications are known. */
export class ProjectReleaser {
  readonly #options: Omit<ReleaseProjectOptions, 'applications'> & { applications: ApplicationStore };
  #started = false;

  constructor(options: Omit<ReleaseProjectOptions, 'applications'> & { applications: ApplicationStore }) {
    this.#options = options;
  }

  /** All Applications are known from now on. */
  start(): void {
    this.#started = true;
    for (const { metadata } of this.#options.applications.projects()) this.projectChanged(metadata.name);
  }

  projectChanged(name: string): void {
    if (!this.#started) return;
    const { applications, ...options } = this.#options;
    void releaseProject(applications.project(name), { ...options, applications: applications.list() });
  }

  applicationChanged(before: Application | undefined, after: Application | undefined): void {
    if (before && before.spec.project !== after?.spec.project)
      this.projectChanged(before.spec.project || defaultProject);
  }
}
