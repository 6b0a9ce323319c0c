import { applicationApiVersion, defaultProject, labels } from '@plumbline/apis';
import { type KubeObject, toYaml } from '@plumbline/manifests';
import { wellKnownHosts } from './well-known-hosts.ts';

/** Kinds that a fresh argocd-cm leaves out (reference §6): many, made by controllers, nobody's target. */
const shippedExclusions = [
  { apiGroups: ['', 'discovery.k8s.io'], kinds: ['Endpoints', 'EndpointSlice'] },
  { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'] },
  {
    apiGroups: ['authentication.k8s.io', 'authorization.k8s.io'],
    kinds: [
      'SelfSubjectReview',
      'TokenReview',
      'LocalSubjectAccessReview',
      'SelfSubjectAccessReview',
      'SelfSubjectRulesReview',
      'SubjectAccessReview',
    ],
  },
  { apiGroups: ['certificates.k8s.io'], kinds: ['CertificateSigningRequest'] },
  { apiGroups: ['cert-manager.io'], kinds: ['CertificateRequest'] },
  { apiGroups: ['cilium.io'], kinds: ['CiliumIdentity', 'CiliumEndpoint', 'CiliumEndpointSlice'] },
  {
    apiGroups: ['kyverno.io', 'reports.kyverno.io', 'wgpolicyk8s.io'],
    kinds: [
      'PolicyReport',
      'ClusterPolicyReport',
      'EphemeralReport',
      'ClusterEphemeralReport',
      'AdmissionReport',
      'ClusterAdmissionReport',
      'BackgroundScanReport',
      'ClusterBackgroundScanReport',
      'UpdateRequest',
    ],
  },
];

/** Metadata of an object of the control plane. */
export function controlMetadata(name: string, namespace: string): KubeObject['metadata'] {
  return { name, namespace, labels: { 'app.kubernetes.io/name': name, [labels.partOf]: 'argocd' } };
}

/** ConfigMaps of a fresh control plane: those of reference §10, nearly empty. */
export function defaultConfigMaps(namespace: string): KubeObject[] {
  const contents: Record<string, Record<string, string>> = {
    'argocd-cm': { 'resource.exclusions': toYaml(shippedExclusions) },
    'argocd-rbac-cm': {},
    'argocd-cmd-params-cm': {},
    'argocd-ssh-known-hosts-cm': { ssh_known_hosts: wellKnownHosts },
    'argocd-tls-certs-cm': {},
    'argocd-gpg-keys-cm': {},
  };
  return Object.entries(contents).map(([name, data]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: controlMetadata(name, namespace),
    data,
  }));
}

/** The AppProject `default`, which allows everything (reference §9.2). */
export function defaultAppProject(namespace: string): KubeObject {
  return {
    apiVersion: applicationApiVersion,
    kind: 'AppProject',
    metadata: controlMetadata(defaultProject, namespace),
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  };
}
