import { type Application, annotations, applicationApiVersion, finalizers } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import type { GitRepository } from '@plumbline/testing';

/** ConfigMaps of one application, beside its Deployment and its Service. */
const configMaps = 3;

/** `bench-0007` */
export function applicationName(index: number): string {
  return `bench-${String(index).padStart(4, '0')}`;
}

/** What one application consists of, as the floor applies it and as its overlay renders. */
export function applicationObjects(name: string, image: string): KubeObject[] {
  const labels = { app: name };
  const container = {
    name: 'main',
    image: `example/app:${image}`,
    ports: [{ containerPort: 8080 }],
    resources: { requests: { cpu: '100m', memory: '64Mi' } },
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
  };
  const maps = Array.from({ length: configMaps }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${name}-${index}`, labels },
    data: { key: `value-${index}`, image },
  }));
  return [deployment, service, ...maps];
}

/** Writes the overlay of one application. */
export function writeOverlay(repository: GitRepository, name: string, options: { namespace: string; image: string }) {
  const { namespace, image } = options;
  repository
    .write(`apps/${name}/kustomization.yaml`, { namespace, resources: ['app.yaml'] })
    .write(`apps/${name}/app.yaml`, applicationObjects(name, image));
}

/** Writes a chart of three ConfigMaps with the value `image`. */
export function writeChart(repository: GitRepository): void {
  repository
    .write('chart/Chart.yaml', { apiVersion: 'v2', name: 'bench', version: '0.1.0' })
    .write('chart/values.yaml', { image: '1.0', count: configMaps })
    .write('chart/templates/config-maps.yaml', chartTemplate);
}

const chartTemplate = `{{- range $index := until (int .Values.count) }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ $index }}
data:
  image: {{ $.Values.image | quote }}
{{- end }}
`;

/** Writes a folder of so many ConfigMaps, a file each. */
export function writeBigFolder(repository: GitRepository, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const name = `big-${String(index).padStart(5, '0')}`;
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: `value ${index}` } };
    repository.write(`big/${name}.yaml`, map);
  }
}

export interface ApplicationInput {
  name: string;
  /** Where the Applications live. */
  controlNamespace: string;
  /** Where their objects go. */
  namespace: string;
  repoURL: string;
  source: { path: string; helm?: { parameters: { name: string; value: string }[] } };
}

/** An Application with automated sync, prune, self-heal and cascade deletion. */
export function applicationOf({ name, controlNamespace, namespace, repoURL, source }: ApplicationInput): KubeObject {
  const application: Pick<Application, 'apiVersion' | 'kind' | 'metadata' | 'spec'> = {
    apiVersion: applicationApiVersion,
    kind: 'Application',
    metadata: { name, namespace: controlNamespace, finalizers: [finalizers.resources] },
    spec: {
      project: 'default',
      source: { repoURL, targetRevision: 'HEAD', ...source },
      destination: { server: 'https://kubernetes.default.svc', namespace },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  };
  return application as unknown as KubeObject;
}

/** The merge patch that asks for a refresh. */
export function refreshPatch(kind: 'normal' | 'hard'): object {
  return { metadata: { annotations: { [annotations.refresh]: kind } } };
}
