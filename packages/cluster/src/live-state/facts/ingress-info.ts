import type { KubeObject, ResourceKey } from '@plumbline/manifests';
import { fields, items, text } from '../fields.ts';
import type { NetworkingInfo } from '../types.ts';

type LoadBalancer = { ip?: string; hostname?: string };

/** `status.loadBalancer.ingress` of a Service or Ingress. */
export function loadBalancers(object: KubeObject): LoadBalancer[] {
  const entries = items(fields(fields(object['status'])['loadBalancer'])['ingress']);
  return entries.map(({ ip, hostname }) => ({
    ...(text(ip) ? { ip: String(ip) } : {}),
    ...(text(hostname) ? { hostname: String(hostname) } : {}),
  }));
}

/** The Service of a backend, as networking.k8s.io/v1 writes it and as its betas did. */
function backendService(backend: unknown): string | undefined {
  return text(fields(fields(backend)['service'])['name']) ?? text(fields(backend)['serviceName']);
}

/** The host of a rule; one without is reached by what the load balancer is called. */
function hostOf(rule: Record<string, unknown>, ingress: LoadBalancer[]): string | undefined {
  return text(rule['host']) ?? ingress.map(({ hostname, ip }) => hostname ?? ip).find(Boolean);
}

/** https where any `tls` entry names the host, with or without a secretName; an entry without hosts covers all (§16). */
function isEncrypted(host: string, tls: Record<string, unknown>[]): boolean {
  return tls.some(({ hosts }) => !Array.isArray(hosts) || hosts.length === 0 || hosts.includes(host));
}

/** The path as it is written, without the star of older controllers. */
function pathOf(path: unknown): string {
  const plain = (text(path) ?? '').replace(/\*$/, '');
  return plain === '' || plain.startsWith('/') ? plain : `/${plain}`;
}

/** The Services that an Ingress leads to, and the addresses that lead to it. */
export function ingressInfo(object: KubeObject): NetworkingInfo {
  const spec = fields(object['spec']);
  const ingress = loadBalancers(object);
  const tls = items(spec['tls']);
  const services = new Set<string>();
  const urls = new Set<string>();
  const first = backendService(spec['defaultBackend'] ?? spec['backend']);
  if (first) services.add(first);
  for (const rule of items(spec['rules'])) {
    const host = hostOf(rule, ingress);
    for (const { path, backend } of items(fields(rule['http'])['paths'])) {
      const service = backendService(backend);
      if (service) services.add(service);
      if (host) urls.add(`${isEncrypted(host, tls) ? 'https' : 'http'}://${host}${pathOf(path)}`);
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
