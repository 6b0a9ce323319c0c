import { type Application, type AppProject, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient, WatchEvent } from '@plumbline/cluster';
import { errorMessage } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { WatchApplications } from '@plumbline/settings';
import type { Logger } from '@plumbline/telemetry';

/** `namespace/name` of an Application. */
export function applicationKey(app: Application): string {
  return `${app.metadata.namespace}/${app.metadata.name}`;
}

export interface ApplicationChange {
  key: string;
  before: Application | undefined;
  /** Undefined when it is gone. */
  after: Application | undefined;
}

export interface ApplicationStoreOptions {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  watchApplications: WatchApplications;
  logger: Logger;
  onApplication(change: ApplicationChange): void;
  /** A project was added, changed or removed: its Applications' verdicts may change. */
  onProject(name: string): void;
}

/**
 * The newest known version of every Application and AppProject, from watches and from the answers of our own writes.
 * The API server has validated what is in here against the generated CRD, so that it is not parsed again.
 */
export class ApplicationStore {
  readonly #options: ApplicationStoreOptions;
  readonly #applications = new Map<string, Application>();
  readonly #projects = new Map<string, AppProject>();
  readonly #abort = new AbortController();

  constructor(options: ApplicationStoreOptions) {
    this.#options = options;
  }

  /** Resolves when both kinds have been listed; goes on watching until {@link close}. */
  async start(): Promise<void> {
    const { client, namespace, watchApplications, logger } = this.#options;
    const { signal } = this.#abort;
    const onError = (kind: string) => (error: unknown) =>
      logger.warn('watching failed and will be repeated', { kind, error: errorMessage(error) });
    await new Promise<void>((resolve) => {
      void client.watch(
        { apiVersion: applicationApiVersion, kind: 'AppProject', namespace },
        { onEvent: (event) => this.#projectEvent(event), onSynced: resolve, onError: onError('AppProject'), signal },
      );
    });
    const onEvent = (event: WatchEvent) => this.#applicationEvent(event);
    await watchApplications({ onEvent, onError: onError('Application'), signal });
  }

  get(key: string): Application | undefined {
    return this.#applications.get(key);
  }

  project(name: string): AppProject | undefined {
    return this.#projects.get(name);
  }

  projects(): AppProject[] {
    return [...this.#projects.values()];
  }

  list(): Application[] {
    return [...this.#applications.values()];
  }

  /** Takes the answer of a write, unless something newer is known or the object is gone. */
  observe(app: Application): void {
    const key = applicationKey(app);
    const known = this.#applications.get(key);
    if (known && known.metadata.uid === app.metadata.uid && !isOlder(app, known)) this.#applications.set(key, app);
  }

  /** Takes a version that somebody else wrote and that was read before its watch event came: it is told like the event. */
  discover(app: Application): void {
    this.#applicationEvent({ type: 'MODIFIED', object: app as unknown as KubeObject });
  }

  close(): void {
    this.#abort.abort();
  }

  #applicationEvent({ type, object }: WatchEvent): void {
    const after = object as unknown as Application;
    const key = applicationKey(after);
    const before = this.#applications.get(key);
    if (type === 'DELETED') {
      this.#applications.delete(key);
      this.#options.onApplication({ key, before, after: undefined });
      return;
    }
    if (before && before.metadata.uid === after.metadata.uid && !isOlder(before, after)) {
      // The watch's own object in place of the answer to a write: others of this process may hold it, too.
      if (!isOlder(after, before)) this.#applications.set(key, after);
      return;
    }
    this.#applications.set(key, after);
    this.#options.onApplication({ key, before, after });
  }

  #projectEvent({ type, object }: WatchEvent): void {
    const project = object as unknown as AppProject;
    const name = project.metadata.name ?? '';
    if (type === 'DELETED') this.#projects.delete(name);
    else this.#projects.set(name, project);
    this.#options.onProject(name);
  }
}

/** Whether `a` is an older version than `b` of one object. */
function isOlder(a: Application, b: Application): boolean {
  return BigInt(a.metadata.resourceVersion ?? 0) < BigInt(b.metadata.resourceVersion ?? 0);
}
