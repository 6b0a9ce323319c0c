import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestFact } from './request-fact.ts';

const observers = new AsyncLocalStorage<(fact: RequestFact) => void>();

/** Runs something and tells of each request to a Kubernetes API server that it makes, over whichever client. */
export function observeRequests<T>(observer: (fact: RequestFact) => void, run: () => T): T {
  return observers.run(observer, run);
}

/** Tells whoever observes what runs now. */
export function tellObserver(fact: RequestFact): void {
  observers.getStore()?.(fact);
}

/**
 * What a path of the Kubernetes API is about: plural and namespace, as `/api/v1/namespaces/a/pods/b` and
 * `/apis/apps/v1/deployments` have them; '' where it is about no object.
 */
export function resourceOfPath(path: string): { resource: string; namespace: string } {
  const [bare = ''] = path.split('?');
  const parts = bare.split('/').filter((part) => part !== '');
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  if (rest[0] !== 'namespaces' || rest.length < 3) return { resource: rest[0] ?? '', namespace: '' };
  return { resource: rest[2] ?? '', namespace: decodeURIComponent(rest[1] ?? '') };
}
