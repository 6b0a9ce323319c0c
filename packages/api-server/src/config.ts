import type { ClusterAccess } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';

/** How to run the API server as a process of its own. */
export interface ApiServerConfig {
  cluster: ClusterAccess;
  /** The control-plane namespace. */
  namespace: string;
  redisUrl: string;
  /** Begins every Redis key; the same in all services. */
  redisPrefix?: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
  metricsHost: string;
  metricsPort: number;
  logLevel: string;
  /** Serve TLS; default true. */
  tls: boolean;
}

function portOf(env: Record<string, string | undefined>, name: string, otherwise: number): number {
  const text = env[name] ?? '';
  if (text === '') return otherwise;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new PlumblineError('API_CONFIG', `${name} is no port: "${text}"`);
}

/**
 * The configuration from environment variables: PLUMB_KUBECONFIG (and PLUMB_KUBE_CONTEXT; without it the pod's service
 * account), PLUMB_NAMESPACE, PLUMB_REDIS_URL, PLUMB_REDIS_PREFIX, PLUMB_LISTEN_HOST, PLUMB_PORT, PLUMB_METRICS_HOST, PLUMB_METRICS_PORT, PLUMB_LOG_LEVEL,
 * PLUMB_INSECURE (`true` serves plain HTTP, for a proxy that ends TLS).
 */
export function configFromEnv(env: Record<string, string | undefined>): ApiServerConfig {
  const context = env['PLUMB_KUBE_CONTEXT'];
  const path = env['PLUMB_KUBECONFIG'];
  return {
    cluster: path ? { kind: 'kubeconfig', path, ...(context ? { context } : {}) } : { kind: 'in-cluster' },
    namespace: env['PLUMB_NAMESPACE'] || 'argocd',
    redisUrl: env['PLUMB_REDIS_URL'] || 'redis://argocd-redis:6379',
    ...(env['PLUMB_REDIS_PREFIX'] ? { redisPrefix: env['PLUMB_REDIS_PREFIX'] } : {}),
    host: env['PLUMB_LISTEN_HOST'] || '127.0.0.1',
    port: portOf(env, 'PLUMB_PORT', 8080),
    metricsHost: env['PLUMB_METRICS_HOST'] || '127.0.0.1',
    metricsPort: portOf(env, 'PLUMB_METRICS_PORT', 8083),
    logLevel: env['PLUMB_LOG_LEVEL'] || 'info',
    tls: !/^(true|1)$/i.test(env['PLUMB_INSECURE'] ?? ''),
  };
}
