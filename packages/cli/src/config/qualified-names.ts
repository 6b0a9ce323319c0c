import { type ApiClient, routes } from '@plumbline/protocol';

interface Loose {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
}

/** `namespace/name` taken apart; a name alone has the namespace that the flags give. */
function qualified(text: string, namespace: string | undefined): { name: string; appNamespace?: string } {
  const slash = text.indexOf('/');
  if (slash > 0) return { name: text.slice(slash + 1), appNamespace: text.slice(0, slash) };
  return namespace ? { name: text, appNamespace: namespace } : { name: text };
}

/** Options of a call with the namespace of the Application where the server looks for it. */
function resolved(path: string, options: Loose | undefined, namespace: string | undefined): Loose | undefined {
  if (!/\/applications(\/|$)/.test(path)) return options;
  const { name, ...rest } = options?.params ?? {};
  if (name !== undefined && path.includes('{name}')) {
    const { name: plain, ...query } = qualified(name, namespace);
    return { ...options, params: { ...rest, name: plain }, query: { ...query, ...options?.query } };
  }
  const wanted: unknown = options?.query?.['name'];
  if (typeof wanted === 'string') return { ...options, query: { ...options?.query, ...qualified(wanted, namespace) } };
  return namespace && !path.includes('{')
    ? { ...options, query: { appNamespace: namespace, ...options?.query } }
    : options;
}

/**
 * The client, to which Applications of any namespace may be named: as `namespace/name`, as `plumb app list` shows them, or
 * by a name alone and the namespace of `--app-namespace`.
 */
export function qualifiedNames(client: ApiClient, namespace?: string): ApiClient {
  const change = (route: { path: string }, args: unknown[]): unknown[] => [
    resolved(route.path, args[0] as Loose | undefined, namespace),
  ];
  return {
    url: client.url,
    call: (name, ...args) => client.call(name, ...(change(routes[name], args) as typeof args)),
    stream: (name, ...args) => client.stream(name, ...(change(routes[name], args) as typeof args)),
  };
}
