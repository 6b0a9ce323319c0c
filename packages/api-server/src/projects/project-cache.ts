import { type AppProject, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import { createApplicationSet } from '../applications/application-cache.ts';

/** Every AppProject of the control-plane namespace, kept up to date by one watch. Objects are immutable. */
export interface ProjectCache {
  /** Resolves when the projects have been listed once. */
  ready(): Promise<void>;
  get(name: string): AppProject | undefined;
  /** Sorted by name. */
  list(): AppProject[];
  /** Counts changes. */
  version(): number;
  resourceVersion(): string;
  /** Puts in the answer of a write at once, so that a caller reads what it wrote. */
  observe(object: KubeObject): AppProject;
  /** Takes out a project whose deletion has just been answered as complete. */
  forget(project: AppProject): void;
  close(): void;
}

/** A custom resource as an AppProject: the API server has checked it against its CRD. */
export function asProject(object: KubeObject): AppProject {
  return object as unknown as AppProject;
}

/** Starts the watch. Watch errors are logged; the client retries for ever. */
export function watchProjects(options: { client: KubeClient; namespace: string; logger: Logger }): ProjectCache {
  const { client, namespace, logger } = options;
  const set = createApplicationSet(namespace);
  const controller = new AbortController();
  const synced = Promise.withResolvers<void>();
  let changes = 0;
  set.subscribe(() => {
    changes += 1;
  });
  client
    .watch(
      { apiVersion: applicationApiVersion, kind: 'AppProject', namespace },
      {
        onEvent: set.apply,
        onSynced: synced.resolve,
        onError: (error) => logger.warn('the watch of AppProjects failed and is retried', { error }),
        signal: controller.signal,
      },
    )
    .catch((error: unknown) => synced.reject(error));
  return {
    ready: () => synced.promise,
    get: (name) => {
      const found = set.get(name);
      return found && asProject(found);
    },
    list: () => set.list().map(asProject),
    version: () => changes,
    resourceVersion: set.resourceVersion,
    observe: (object) => asProject(set.observe(object)),
    forget: (project) => set.apply({ type: 'DELETED', object: project as unknown as KubeObject }),
    close: () => controller.abort(),
  };
}
