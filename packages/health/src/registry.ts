import type { GroupKind } from '@plumbline/manifests';
import { bundledChecks } from './bundled.ts';
import type { HealthCheck } from './health-check.ts';
import { apiService } from './kinds/api-service.ts';
import { application } from './kinds/application.ts';
import { cronJob } from './kinds/cron-job.ts';
import { customResourceDefinition } from './kinds/custom-resource-definition.ts';
import { daemonSet } from './kinds/daemon-set.ts';
import { deployment } from './kinds/deployment.ts';
import { constraint } from './kinds/gatekeeper.sh/gatekeeper.ts';
import { horizontalPodAutoscaler } from './kinds/horizontal-pod-autoscaler.ts';
import { ingress } from './kinds/ingress.ts';
import { job } from './kinds/job.ts';
import { airlock } from './kinds/patterns/airlock.ts';
import { awsControllers } from './kinds/patterns/aws-controllers.ts';
import { awsCrossplaneChecks } from './kinds/patterns/aws-crossplane.ts';
import { azureServiceOperator } from './kinds/patterns/azure-service-operator.ts';
import { configConnector } from './kinds/patterns/config-connector.ts';
import { crossplane } from './kinds/patterns/crossplane.ts';
import { grafanaOrgOperator } from './kinds/patterns/grafana-org-operator.ts';
import { upbound } from './kinds/patterns/upbound.ts';
import { victoriaMetrics } from './kinds/patterns/victoria-metrics.ts';
import { persistentVolumeClaim } from './kinds/persistent-volume-claim.ts';
import { pod } from './kinds/pod.ts';
import { replicaSet } from './kinds/replica-set.ts';
import { service } from './kinds/service.ts';
import { statefulSet } from './kinds/stateful-set.ts';
import { workflow } from './kinds/workflow.ts';

/** Checks of Kubernetes' and Argo's own kinds by `group/kind`. */
const checks: ReadonlyMap<string, HealthCheck> = new Map([
  ['/PersistentVolumeClaim', persistentVolumeClaim],
  ['/Pod', pod],
  ['/Service', service],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinition],
  ['apiregistration.k8s.io/APIService', apiService],
  ...awsCrossplaneChecks,
  ['apps/DaemonSet', daemonSet],
  ['apps/Deployment', deployment],
  ['apps/ReplicaSet', replicaSet],
  ['apps/StatefulSet', statefulSet],
  ['argoproj.io/Application', application],
  ['argoproj.io/Workflow', workflow],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscaler],
  ['batch/CronJob', cronJob],
  ['batch/Job', job],
  ['extensions/DaemonSet', daemonSet],
  ['extensions/Deployment', deployment],
  ['extensions/Ingress', ingress],
  ['extensions/ReplicaSet', replicaSet],
  ['networking.k8s.io/Ingress', ingress],
]);

/** Checks of groups by how their name ends. */
const patterns: readonly (readonly [string, HealthCheck])[] = [
  ['.azure.com', azureServiceOperator],
  ['.cnrm.cloud.google.com', configConnector],
  ['.crossplane.io', crossplane],
  ['.services.k8s.aws', awsControllers],
  ['.upbound.io', upbound],
  ['constraints.gatekeeper.sh', constraint],
  ['grafana-org-operator.kubitus-project.gitlab.io', grafanaOrgOperator],
  ['microgateway.airlock.com', airlock],
  ['operator.victoriametrics.com', victoriaMetrics],
];

/** The check of a kind (reference §5), or undefined when it has none. */
export function healthCheckOf({ group, kind }: GroupKind): HealthCheck | undefined {
  const name = `${group}/${kind}`;
  return checks.get(name) ?? bundledChecks.get(name) ?? patterns.find(([end]) => group.endsWith(end))?.[1];
}
