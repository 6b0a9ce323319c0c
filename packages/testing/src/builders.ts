import { type Application, type ApplicationSpec, applicationApiVersion } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';

/** A ConfigMap; default data `{key: 'value'}`. */
export function configMap(name: string, data: Record<string, string> = { key: 'value' }): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** A Deployment of one replica whose pods carry the label `app: <name>`. */
export function deployment(name: string, image = 'registry.example/app:1.0'): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}

/** A Service for the pods of {@link deployment}. */
export function service(name: string, port = 80): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ name: 'http', port, targetPort: 8080 }] },
  };
}

export interface ApplicationOptions {
  name: string;
  /** Namespace of the Application itself; default `argocd`. */
  namespace?: string;
  repoURL: string;
  /** Default the root of the repository. */
  path?: string;
  /** Default `HEAD`. */
  targetRevision?: string;
  /** Namespace of the destination; the cluster is the one that the Application lies in. */
  destinationNamespace: string;
  /** True = automated sync with prune and self-heal. */
  automated?: boolean;
  /** Merged over what the other options give. */
  spec?: Partial<ApplicationSpec>;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  finalizers?: string[];
}

/** An Application of one source in project `default`. */
export function application(options: ApplicationOptions): Application {
  const { name, namespace = 'argocd', repoURL, path = '.', targetRevision = 'HEAD', destinationNamespace } = options;
  const { annotations, labels, finalizers } = options;
  const syncPolicy = options.automated ? { automated: { prune: true, selfHeal: true } } : undefined;
  return {
    apiVersion: applicationApiVersion,
    kind: 'Application',
    metadata: { name, namespace, ...defined({ annotations, labels, finalizers }) },
    spec: {
      project: 'default',
      source: { repoURL, path, targetRevision },
      destination: { server: 'https://kubernetes.default.svc', namespace: destinationNamespace },
      ...defined({ syncPolicy }),
      ...options.spec,
    },
  };
}

function defined<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
