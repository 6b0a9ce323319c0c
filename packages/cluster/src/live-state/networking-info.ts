import type { KubeObject, ResourceKey } from '@plumbline/manifests';
import type { NetworkingInfo } from '../types.ts';
import { fields, items, text, texts } from './fields.ts';

type LoadBalancer = { ip?: string; hostname?: string };

function loadBalancers(object: KubeObject): LoadBalancer[] {
  const entries = items(fields(fields(object['status'])['loadBalancer'])['ingress']);
  return entries.map(({ ip, hostname }) => ({
    ...(text(ip) ? { ip: String(ip) } : {}),
    ...(text(hostname) ? { hostname: String(hostname) } : {}),
  }));
}

function serviceInfo(service: KubeObject): NetworkingInfo {
  const ingress = loadBalancers(service);
  const targetLabels = texts(fields(service['spec'])['selector']);
  return {
    ...(Object.keys(targetLabels).length > 0 ? { targetLabels } : {}),
    ...(ingress.length > 0 ? { ingress } : {}),
  };
}

/** The Service of a backend, as networking.k8s.io/v1 writes it and as its betas did. */
function backendService(backend: unknown): string | undefined {
  return text(fields(fields(backend)['service'])['name']) ?? text(fields(backend)['serviceName']);
}

function hostsOf(rule: Record<string, unknown>, ingress: LoadBalancer[]): string[] {
  const host = text(rule['host']);
  if (host) return [host];
  return ingress.flatMap(({ hostname, ip }) => hostname ?? ip ?? []);
}

/** https where any `tls` entry names the host, with or without a secretName; an entry without hosts covers all (§16). */
function isEncrypted(host: string, tls: Record<string, unknown>[]): boolean {
  return tls.some(({ hosts }) => !Array.isArray(hosts) || hosts.length === 0 || hosts.includes(host));
}

function pathOf(path: unknown): string {
  const plain = (text(path) ?? '').replace(/\/?\*$/, '').replace(/\/$/, '');
  return plain === '' || plain.startsWith('/') ? plain : `/${plain}`;
}

function ingressInfo(object: KubeObject): NetworkingInfo {
  const spec = fields(object['spec']);
  const ingress = loadBalancers(object);
  const tls = items(spec['tls']);
  const services = new Set<string>();
  const urls = new Set<string>();
  const first = backendService(spec['defaultBackend'] ?? spec['backend']);
  if (first) services.add(first);
  for (const rule of items(spec['rules'])) {
    for (const { path, backend } of items(fields(rule['http'])['paths'])) {
      const service = backendService(backend);
      if (service) services.add(service);
      for (const host of hostsOf(rule, ingress)) {
        urls.add(`${isEncrypted(host, tls) ? 'https' : 'http'}://${host}${pathOf(path)}`);
      }
    }
  }
  const namespace = object.metadata.namespace ?? '';
  const targetRefs = [...services].map((name): ResourceKey => ({ group: '', kind: 'Service', namespace, name }));
  return {
    ...(targetRefs.length > 0 ? { targetRefs } : {}),
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(urls.size > 0 ? { externalURLs: [...urls].sort() } : {}),
  };
}

/** Where an object leads to or what leads to it; `undefined` for kinds without a network. */
export function networkingInfo(group: string, object: KubeObject): NetworkingInfo | undefined {
  switch (`${group}/${object.kind}`) {
    case '/Pod':
      return { labels: texts(object.metadata.labels) };
    case '/Service':
      return serviceInfo(object);
    case 'networking.k8s.io/Ingress':
    case 'extensions/Ingress':
      return ingressInfo(object);
    default:
      return undefined;
  }
}
