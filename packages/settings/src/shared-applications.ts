import type { WatchEvent } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import {
  type WatchApplications,
  type WatchApplicationsOptions,
  watchApplicationNamespaces,
} from './watch-applications.ts';

type Listener = Parameters<WatchApplications>[0];

/**
 * One watch of Applications for all that listen in this process: each object is parsed and held once, so nobody may change
 * it. A listener that comes later is told first what is known. It begins with the first listener and ends with `signal`.
 */
export function shareApplicationWatch(
  options: Pick<WatchApplicationsOptions, 'client' | 'namespace' | 'settings' | 'signal'>,
): WatchApplications {
  const listeners = new Set<Listener>();
  const known = new Map<string, KubeObject>();
  let listed: Promise<void> | undefined;
  const onEvent = (event: WatchEvent): void => {
    const { object } = event;
    const id = `${object.metadata.namespace}/${object.metadata.name}`;
    if (event.type === 'DELETED') known.delete(id);
    else known.set(id, object);
    for (const listener of listeners) tell(listener, event);
  };
  const onError = (error: unknown): void => {
    for (const listener of listeners) listener.onError(error);
  };
  return (listener) => {
    listeners.add(listener);
    listener.signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    for (const object of known.values()) tell(listener, { type: 'ADDED', object });
    listed ??= watchApplicationNamespaces({ ...options, onEvent, onError });
    return listed;
  };
}

/** What one listener throws is not the business of the others. */
function tell(listener: Listener, event: WatchEvent): void {
  if (listener.signal.aborted) return;
  try {
    listener.onEvent(event);
  } catch (error) {
    listener.onError(error);
  }
}
