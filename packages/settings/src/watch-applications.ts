import { isApplicationNamespace } from '@plumbline/access';
import { applicationApiVersion } from '@plumbline/apis';
import type { KubeClient, WatchEvent } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import type { Settings } from './types.ts';

export interface WatchApplicationsOptions {
  client: KubeClient;
  /** The control plane's namespace. */
  namespace: string;
  /** Where Applications may live besides; a change counts at once. */
  settings: Pick<Settings, 'access' | 'onChange'>;
  onEvent(event: WatchEvent): void;
  onError(error: unknown): void;
  signal: AbortSignal;
}

/** Watches Applications until the signal aborts; resolves when all have been listed. */
export type WatchApplications = (
  listener: Pick<WatchApplicationsOptions, 'onEvent' | 'onError' | 'signal'>,
) => Promise<void>;

const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

/** What is told of one that is gone: thousands are known, and whole they are large. */
function identityOf({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
    },
  };
}

/** Nobody reads who wrote which field of an Application, and it can be as large as the rest. */
function withoutManagedFields(object: KubeObject): KubeObject {
  if (!object.metadata.managedFields) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/**
 * Watches the Applications of the control plane's namespace and, where settings name others, of those: then of the whole
 * cluster, with what lives elsewhere left out. Resolves when all have been listed. Where the namespaces change it lists again:
 * Applications that belong no longer are told as deleted, by their identity, all others as added once more. Objects come
 * without managedFields.
 */
export async function watchApplicationNamespaces(options: WatchApplicationsOptions): Promise<void> {
  const { settings, signal } = options;
  const known = new Map<string, KubeObject>();
  let scope = '';
  let current = new AbortController();
  const begin = (): Promise<void> => {
    current.abort();
    current = new AbortController();
    scope = JSON.stringify(settings.access().applicationNamespaces);
    return watchOnce(options, known, AbortSignal.any([signal, current.signal]));
  };
  const stop = settings.onChange(() => {
    if (JSON.stringify(settings.access().applicationNamespaces) !== scope) void begin();
  });
  signal.addEventListener('abort', stop, { once: true });
  await begin();
}

function watchOnce(
  { client, namespace, settings, onEvent, onError }: WatchApplicationsOptions,
  known: Map<string, KubeObject>,
  signal: AbortSignal,
): Promise<void> {
  const globs = settings.access().applicationNamespaces;
  const scope = globs.length > 0 ? {} : { namespace };
  const before = new Map(known);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const take = (event: WatchEvent): void => {
    const object = withoutManagedFields(event.object);
    if (signal.aborted || !isApplicationNamespace(object.metadata.namespace ?? '', namespace, globs)) return;
    before.delete(idOf(object));
    if (event.type === 'DELETED') known.delete(idOf(object));
    else known.set(idOf(object), identityOf(object));
    onEvent({ ...event, object });
  };
  const settle = (): void => {
    for (const [id, object] of before) {
      known.delete(id);
      onEvent({ type: 'DELETED', object });
    }
    before.clear();
    resolve();
  };
  client
    .watch(
      { apiVersion: applicationApiVersion, kind: 'Application', ...scope },
      { onEvent: take, onSynced: () => !signal.aborted && settle(), onError, signal },
    )
    .catch(reject);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
