import { deepEqual, type JsonValue, type KubeObject } from '@plumbline/manifests';
import { isBuiltIn } from './built-in-kinds.ts';
import { isRecord } from './json-pointer.ts';

/** Values that the API server fills into Kubernetes' own kinds, by the name of the field; `*`: whatever it is. */
const defaults: Readonly<Record<string, readonly JsonValue[] | '*'>> = {
  allocateLoadBalancerNodePorts: [true],
  allowVolumeExpansion: [false],
  apiGroup: '*',
  apiVersion: ['v1'],
  automountServiceAccountToken: [true],
  backoffLimit: [6],
  clusterIP: '*',
  clusterIPs: '*',
  completionMode: ['NonIndexed'],
  completions: [1],
  concurrencyPolicy: ['Allow'],
  conversion: [{ strategy: 'None' }],
  defaultMode: [420],
  divisor: ['0'],
  dnsPolicy: ['ClusterFirst'],
  enableServiceLinks: [true],
  externalTrafficPolicy: ['Cluster'],
  failedJobsHistoryLimit: [1],
  failurePolicy: ['Fail'],
  failureThreshold: [3],
  fieldPath: '*',
  finalizers: [['kubernetes']],
  fsGroupChangePolicy: ['Always'],
  globalDefault: [false],
  healthCheckNodePort: '*',
  hostPath: [{ type: '' }],
  imagePullPolicy: ['Always', 'IfNotPresent'],
  internalTrafficPolicy: ['Cluster'],
  ipFamilies: '*',
  ipFamilyPolicy: ['SingleStack'],
  listKind: '*',
  manualSelector: [false],
  matchConditions: [[]],
  matchPolicy: ['Equivalent'],
  maxSurge: ['25%', 0],
  maxUnavailable: ['25%', 1],
  minReplicas: [1],
  namespaceSelector: [{}],
  nodePort: '*',
  objectSelector: [{}],
  operator: ['Equal'],
  optional: [false],
  ordinals: [{ start: 0 }],
  parallelism: [1],
  partition: [0],
  pathType: ['ImplementationSpecific'],
  periodSeconds: [10],
  persistentVolumeReclaimPolicy: ['Retain', 'Delete'],
  persistentVolumeClaimRetentionPolicy: [{ whenDeleted: 'Retain', whenScaled: 'Retain' }],
  podManagementPolicy: ['OrderedReady'],
  podReplacementPolicy: ['TerminatingOrFailed', 'Failed'],
  policyTypes: '*',
  port: '*',
  preemptionPolicy: ['PreemptLowerPriority'],
  preserveUnknownFields: [false],
  progressDeadlineSeconds: [600],
  protocol: ['TCP'],
  reclaimPolicy: ['Delete'],
  reinvocationPolicy: ['Never'],
  replicas: [1],
  resizePolicy: '*',
  resources: [{}],
  restartPolicy: ['Always', 'OnFailure'],
  revisionHistoryLimit: [10],
  schedulerName: ['default-scheduler'],
  scheme: ['HTTP'],
  scope: ['*', 'Namespaced'],
  securityContext: [{}],
  service: '*',
  serviceAccount: '*',
  serviceAccountName: ['default'],
  sessionAffinity: ['None'],
  shortNames: '*',
  sideEffects: ['None'],
  singular: '*',
  strategy: '*',
  subsets: '*',
  successThreshold: [1],
  successfulJobsHistoryLimit: [3],
  suspend: [false],
  targetPort: '*',
  template: '*',
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  timeoutSeconds: [1, 10, 30],
  type: ['ClusterIP', 'Opaque', 'RollingUpdate', 'OnDelete', ''],
  updateStrategy: '*',
  behavior: '*',
  volumeBindingMode: ['Immediate'],
  volumeMode: ['Filesystem'],
  whenDeleted: ['Retain'],
  whenScaled: ['Retain'],
};

/** Labels and annotations that the API server writes. */
const serverMetadata = new Set(['kubernetes.io/metadata.name', 'deprecated.daemonset.template.generation']);

/**
 * Whether a live value that nobody owns and the target leaves out looks like one that the API server filled in. In custom resources
 * every such field below `spec` does: their schemas tell the defaults.
 */
export function looksLikeDefault(object: KubeObject, path: readonly string[], value: JsonValue | undefined): boolean {
  const name = path.at(-1) ?? '';
  if (isEmpty(value)) return true;
  if (path[0] === 'metadata') return serverMetadata.has(name) || isProtection(name, value);
  if (object.kind === 'Job' && (name === 'selector' || path.join('.') === 'spec.template.metadata')) return true;
  if (!isBuiltIn(object)) return true;
  return isDefault(name, value);
}

function isDefault(name: string, value: JsonValue | undefined): boolean {
  const known = defaults[name];
  if (known === '*' || known?.some((item) => deepEqual(item, value))) return true;
  if (!isRecord(value)) return false;
  return Object.entries(value).every(([member, item]) => isDefault(member, item));
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** Finalizers of the API server itself, such as `kubernetes.io/pvc-protection`. */
function isProtection(name: string, value: JsonValue | undefined): boolean {
  return (
    name === 'finalizers' && Array.isArray(value) && value.every((item) => String(item).startsWith('kubernetes.io/'))
  );
}
