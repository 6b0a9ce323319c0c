import { type KubeObject, keyString, type ResourceKey } from '@plumbline/manifests';
import { fields, items, text, texts } from '../fields.ts';
import type { NetworkingInfo } from '../types.ts';

const gatewayGroup = 'gateway.networking.k8s.io';

function once(keys: readonly ResourceKey[]): ResourceKey[] {
  return [...new Map(keys.map((key) => [keyString(key), key])).values()];
}

/** The Services that a VirtualService of Istio routes to; a host is `<service>[.<namespace>…]`. */
export function virtualServiceInfo(object: KubeObject): NetworkingInfo {
  const routes = items(fields(object['spec'])['http']).flatMap((rule) => items(rule['route']));
  const targetRefs = routes.flatMap((route): ResourceKey[] => {
    const [name, namespace = object.metadata.namespace ?? ''] =
      text(fields(route['destination'])['host'])?.split('.') ?? [];
    return name ? [{ group: '', kind: 'Service', namespace, name }] : [];
  });
  return targetRefs.length > 0 ? { targetRefs: once(targetRefs) } : {};
}

/** The Pods behind a ServiceEntry of Istio. */
export function serviceEntryInfo(object: KubeObject): NetworkingInfo | undefined {
  const selector = fields(fields(object['spec'])['workloadSelector'])['labels'];
  if (selector === undefined) return undefined;
  return { targetLabels: texts(selector), targetRefs: [{ group: '', kind: 'Pod', namespace: '', name: '' }] };
}

type Addresses = NonNullable<NetworkingInfo['ingress']>;

function addresses(object: KubeObject): Addresses {
  return items(fields(object['status'])['addresses']).flatMap(({ type = 'IPAddress', value }): Addresses => {
    const address = text(value);
    if (!address) return [];
    if (type === 'Hostname') return [{ hostname: address }];
    return type === 'IPAddress' ? [{ ip: address }] : [];
  });
}

/** One listener is reached by its own host name, or by the addresses of its Gateway. */
function listenerUrls({ hostname, protocol, port }: Record<string, unknown>, ingress: Addresses): string[] {
  const scheme = protocol === 'HTTPS' || protocol === 'TLS' ? 'https' : 'http';
  const usual = scheme === 'https' ? 443 : 80;
  const own = text(hostname);
  const hosts = own && own !== '*' ? [own] : ingress.flatMap((entry) => entry.hostname ?? entry.ip ?? []);
  return hosts.map((host) => `${scheme}://${host}${Number(port) === usual ? '' : `:${Number(port ?? 0)}`}`);
}

/** Where a Gateway of the Gateway API can be reached. */
export function gatewayInfo(object: KubeObject): NetworkingInfo {
  const ingress = addresses(object);
  const urls = new Set(
    items(fields(object['spec'])['listeners']).flatMap((listener) => listenerUrls(listener, ingress)),
  );
  return {
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(urls.size > 0 ? { externalURLs: [...urls].sort() } : {}),
  };
}

/** A reference of the Gateway API: what it leaves out is the route's own namespace and the given group and kind. */
function refOf(entry: Record<string, unknown>, object: KubeObject, usual: { group: string; kind: string }) {
  const name = text(entry['name']);
  if (!name) return [];
  const { group, kind } = usual;
  return [
    {
      group: text(entry['group']) ?? group,
      kind: text(entry['kind']) ?? kind,
      namespace: text(entry['namespace']) ?? object.metadata.namespace ?? '',
      name,
    },
  ];
}

/** The Gateways that a route of the Gateway API belongs to, and the Services that it leads to. */
export function routeInfo(object: KubeObject): NetworkingInfo {
  const { parentRefs, rules } = fields(object['spec']);
  const gateway = { group: gatewayGroup, kind: 'Gateway' };
  const parents = items(parentRefs).flatMap((entry) => refOf(entry, object, gateway));
  const backends = items(rules)
    .flatMap((rule) => items(rule['backendRefs']))
    .flatMap((entry) => refOf(entry, object, { group: '', kind: 'Service' }));
  const targetRefs = once([...parents, ...backends]);
  return targetRefs.length > 0 ? { targetRefs } : {};
}
