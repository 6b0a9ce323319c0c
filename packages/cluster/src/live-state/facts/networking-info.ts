import { annotationPrefixes, annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { fields, texts } from '../fields.ts';
import type { NetworkingInfo } from '../types.ts';
import { ingressInfo, loadBalancers } from './ingress-info.ts';
import { gatewayInfo, routeInfo, serviceEntryInfo, virtualServiceInfo } from './mesh-info.ts';

function serviceInfo(service: KubeObject): NetworkingInfo {
  const spec = fields(service['spec']);
  const ingress = spec['type'] === 'LoadBalancer' ? loadBalancers(service) : [];
  const targetLabels = texts(spec['selector']);
  return {
    ...(Object.keys(targetLabels).length > 0 ? { targetLabels } : {}),
    ...(ingress.length > 0 ? { ingress } : {}),
  };
}

function infoOf(group: string, object: KubeObject): NetworkingInfo | undefined {
  switch (`${group}/${object.kind}`) {
    case '/Pod':
      return { labels: texts(object.metadata.labels) };
    case '/Service':
      return serviceInfo(object);
    case 'networking.k8s.io/Ingress':
    case 'extensions/Ingress':
      return ingressInfo(object);
    case 'networking.istio.io/VirtualService':
      return virtualServiceInfo(object);
    case 'networking.istio.io/ServiceEntry':
      return serviceEntryInfo(object);
    case 'gateway.networking.k8s.io/Gateway':
      return gatewayInfo(object);
    case 'gateway.networking.k8s.io/GRPCRoute':
    case 'gateway.networking.k8s.io/HTTPRoute':
    case 'gateway.networking.k8s.io/TCPRoute':
    case 'gateway.networking.k8s.io/TLSRoute':
    case 'gateway.networking.k8s.io/UDPRoute':
      return routeInfo(object);
    default:
      return undefined;
  }
}

/**
 * The links that an object's owner has put on it (`link.argocd.argoproj.io/<id>`): `url` or `title|url`, http and https
 * only: users click on them.
 */
export function ownLinks({
  metadata,
}: {
  metadata: { annotations?: Record<string, string> | null | undefined };
}): string[] {
  return Object.entries(metadata.annotations ?? {}).flatMap(([name, value]) => {
    if (!name.startsWith(annotationPrefixes.link) || typeof value !== 'string') return [];
    const url = value.slice(value.indexOf('|') + 1);
    return /^https?:$/.test(URL.parse(url)?.protocol ?? '') ? [value] : [];
  });
}

/** Where an object leads to or what leads to it; `undefined` for kinds without a network that nobody has linked. */
export function networkingInfo(group: string, object: KubeObject): NetworkingInfo | undefined {
  const info = infoOf(group, object);
  const links = ownLinks(object);
  const ignored = object.metadata.annotations?.[annotations.ignoreDefaultLinks] === 'true';
  if (links.length === 0 && !(ignored && info?.externalURLs)) return info;
  const { externalURLs = [], ...rest } = info ?? {};
  const urls = [...links, ...(ignored ? [] : externalURLs)];
  return { ...rest, ...(urls.length > 0 ? { externalURLs: urls } : {}) };
}
