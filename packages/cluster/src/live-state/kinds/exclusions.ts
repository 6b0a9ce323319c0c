import type { GroupKind } from '@plumbline/manifests';

const alwaysGroups = new Set(['events.k8s.io', 'metrics.k8s.io']);
const alwaysKinds = new Set(['/Event', 'coordination.k8s.io/Lease']);

/** Kinds that Argo CD's shipped argocd-cm excludes (reference §6). */
const defaultKinds = new Set([
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  'certificates.k8s.io/CertificateSigningRequest',
  'cert-manager.io/CertificateRequest',
  'cilium.io/CiliumIdentity',
  'cilium.io/CiliumEndpoint',
  'cilium.io/CiliumEndpointSlice',
  'kyverno.io/PolicyReport',
  'kyverno.io/ClusterPolicyReport',
  'kyverno.io/EphemeralReport',
  'kyverno.io/ClusterEphemeralReport',
  'kyverno.io/AdmissionReport',
  'kyverno.io/ClusterAdmissionReport',
  'kyverno.io/BackgroundScanReport',
  'kyverno.io/ClusterBackgroundScanReport',
  'kyverno.io/UpdateRequest',
]);
const defaultGroups = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
  'wgpolicyk8s.io',
  'reports.kyverno.io',
]);

/** Kinds that are never watched, whatever the settings say: events, leases and metrics. */
export function isNeverWatched({ group, kind }: GroupKind): boolean {
  return alwaysGroups.has(group) || alwaysKinds.has(`${group}/${kind}`);
}

/** The exclusions that hold where none are configured (reference §6). */
export function isExcludedByDefault({ group, kind }: GroupKind): boolean {
  return defaultGroups.has(group) || defaultKinds.has(`${group}/${kind}`);
}
