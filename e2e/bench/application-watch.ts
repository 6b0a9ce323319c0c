import { type Application, annotations, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';

interface ApplicationWatchOptions {
  client: KubeClient;
  namespace: string;
  /** Longest wait for a state, ms. */
  timeoutMs: number;
}

/** The Applications of a namespace as a watch tells them. */
export interface ApplicationWatch {
  names(): string[];
  isSynced(name: string, revision?: string): boolean;
  isRefreshing(name: string): boolean;
  /** Whether it has a sync status. */
  isCompared(name: string): boolean;
  /** Takes in the answer to a write, which is newer than what the watch has told. */
  observe(application: Application): void;
  /** Waits for a state. Throws with `what`, and with the Applications that are not there yet, after the time limit. */
  until(what: string, holds: () => boolean): Promise<void>;
  close(): void;
}

interface Waiter {
  holds(): boolean;
  done(): void;
}

/** Those who wait for a state; each is asked again at `tell`. */
function createWaiters(timeoutMs: number, unfinished: () => string) {
  const waiters = new Set<Waiter>();
  return {
    tell: () => {
      for (const waiter of [...waiters]) if (waiter.holds()) waiter.done();
    },
    async until(what: string, holds: () => boolean): Promise<void> {
      if (holds()) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const late = () => reject(new Error(`${what}: not within ${timeoutMs / 1000} s. ${unfinished()}`));
      const timer = setTimeout(late, timeoutMs);
      const waiter: Waiter = { holds, done: resolve };
      waiters.add(waiter);
      await promise.finally(() => {
        clearTimeout(timer);
        waiters.delete(waiter);
      });
    },
  };
}

/** Watches from now on; the first list comes with the first events. */
export function watchApplications({ client, namespace, timeoutMs }: ApplicationWatchOptions): ApplicationWatch {
  const applications = new Map<string, Application>();
  const { tell, until } = createWaiters(timeoutMs, () => unfinished(applications));
  const stop = new AbortController();
  const observe = (application: Application) => {
    const { name = '', resourceVersion = '0' } = application.metadata;
    const known = applications.get(name)?.metadata.resourceVersion ?? '0';
    if (Number(resourceVersion) >= Number(known)) applications.set(name, application);
    tell();
  };
  void client.watch(
    { apiVersion: applicationApiVersion, kind: 'Application', namespace },
    {
      signal: stop.signal,
      onEvent: ({ type, object }) => {
        if (type !== 'DELETED') return observe(object as unknown as Application);
        applications.delete(object.metadata.name ?? '');
        tell();
      },
    },
  );
  return {
    names: () => [...applications.keys()],
    isSynced: (name, revision) => isSynced(applications.get(name), revision),
    isRefreshing: (name) => applications.get(name)?.metadata.annotations?.[annotations.refresh] !== undefined,
    isCompared: (name) => applications.get(name)?.status?.sync?.status !== undefined,
    observe,
    until,
    close: () => stop.abort(),
  };
}

function isSynced(application: Application | undefined, revision: string | undefined): boolean {
  const { sync, health } = application?.status ?? {};
  if (sync?.status !== 'Synced' || health?.status !== 'Healthy') return false;
  return revision === undefined || sync.revision === revision;
}

/** The first few Applications that are not Synced and Healthy, with what they say of themselves. */
function unfinished(applications: ReadonlyMap<string, Application>): string {
  const left = [...applications.values()].filter((application) => !isSynced(application, undefined)).slice(0, 3);
  return left
    .map(({ metadata, status }) => {
      const said = [...(status?.conditions ?? []).map(({ message }) => message), status?.operationState?.message ?? ''];
      return `${metadata.name}: ${status?.sync?.status ?? '—'}, ${status?.health?.status ?? '—'}; ${said.join('; ')}`;
    })
    .join('\n');
}
