import type { GroupKind } from '@plumbline/manifests';
import { restart, scale } from './action-parts.ts';
import { analysisRunActions, applicationActions, cronWorkflowActions, workflowTemplateActions } from './kinds/argo.ts';
import { cnpgClusterActions } from './kinds/cnpg.ts';
import { cronJobActions } from './kinds/cron-job.ts';
import { deploymentActions } from './kinds/deployment.ts';
import { externalSecretActions, pushSecretActions } from './kinds/external-secrets.ts';
import { fluxActions, fluxSwitchActions } from './kinds/flux.ts';
import { jobActions } from './kinds/job.ts';
import { scaledJobActions, scaledObjectActions } from './kinds/keda.ts';
import {
  interStepBufferServiceActions,
  monoVertexActions,
  monoVertexRolloutActions,
  numaflowPipelineActions,
  pipelineRolloutActions,
} from './kinds/numaflow.ts';
import { mariaDbActions, perconaMongoDbActions, pullRequestActions, strimziPodSetActions } from './kinds/others.ts';
import { rolloutActions } from './kinds/rollout.ts';
import type { BuiltInAction } from './types.ts';

/** Actions by `group/kind`. */
const actions: ReadonlyMap<string, readonly BuiltInAction[]> = new Map([
  ['apps/DaemonSet', [restart]],
  ['apps/Deployment', deploymentActions],
  ['apps/StatefulSet', [restart, scale]],
  ['argoproj.io/AnalysisRun', analysisRunActions],
  ['argoproj.io/Application', applicationActions],
  ['argoproj.io/CronWorkflow', cronWorkflowActions],
  ['argoproj.io/Rollout', rolloutActions],
  ['argoproj.io/WorkflowTemplate', workflowTemplateActions],
  ['batch/CronJob', cronJobActions],
  ['batch/Job', jobActions],
  ['core.strimzi.io/StrimziPodSet', strimziPodSetActions],
  ['external-secrets.io/ExternalSecret', externalSecretActions],
  ['external-secrets.io/PushSecret', pushSecretActions],
  ['helm.toolkit.fluxcd.io/HelmRelease', fluxActions],
  ['image.toolkit.fluxcd.io/ImageRepository', fluxActions],
  ['image.toolkit.fluxcd.io/ImageUpdateAutomation', fluxActions],
  ['k8s.mariadb.com/MariaDB', mariaDbActions],
  ['keda.sh/ScaledJob', scaledJobActions],
  ['keda.sh/ScaledObject', scaledObjectActions],
  ['kustomize.toolkit.fluxcd.io/Kustomization', fluxActions],
  ['notification.toolkit.fluxcd.io/Alert', fluxSwitchActions],
  ['notification.toolkit.fluxcd.io/Provider', fluxSwitchActions],
  ['notification.toolkit.fluxcd.io/Receiver', fluxActions],
  ['numaflow.numaproj.io/InterStepBufferService', interStepBufferServiceActions],
  ['numaflow.numaproj.io/MonoVertex', monoVertexActions],
  ['numaflow.numaproj.io/Pipeline', numaflowPipelineActions],
  ['numaplane.numaproj.io/MonoVertexRollout', monoVertexRolloutActions],
  ['numaplane.numaproj.io/PipelineRollout', pipelineRolloutActions],
  ['postgresql.cnpg.io/Cluster', cnpgClusterActions],
  ['promoter.argoproj.io/PullRequest', pullRequestActions],
  ['psmdb.percona.com/PerconaServerMongoDB', perconaMongoDbActions],
  ['source.toolkit.fluxcd.io/Bucket', fluxActions],
  ['source.toolkit.fluxcd.io/GitRepository', fluxActions],
  ['source.toolkit.fluxcd.io/HelmChart', fluxActions],
  ['source.toolkit.fluxcd.io/HelmRepository', fluxActions],
  ['source.toolkit.fluxcd.io/OCIRepository', fluxActions],
]);

/** The built-in actions of a kind (reference §5 "Actions"); empty where there are none. */
export function builtInActions({ group, kind }: GroupKind): readonly BuiltInAction[] {
  return actions.get(`${group}/${kind}`) ?? [];
}
