import type { HealthCheckEntries } from './entries.ts';
import { apiManager } from './kinds/3scale.net/api-manager.ts';
import { threeScaleChecks } from './kinds/3scale.net/capabilities.ts';
import { kruiseDaemonSet } from './kinds/apps.kruise.io/daemon-set.ts';
import { astraChecks } from './kinds/astra.netapp.io/astra.ts';
import { cassandraCluster } from './kinds/cassandra.rook.io/cluster.ts';
import { oldCertManagerChecks } from './kinds/certmanager.k8s.io/cert-manager.ts';
import { clickHouseInstallation } from './kinds/clickhouse.altinity.com/click-house-installation.ts';
import { awsManagedControlPlane } from './kinds/controlplane.cluster.x-k8s.io/aws-managed-control-plane.ts';
import { alert } from './kinds/coralogix.com/alert.ts';
import { shoot } from './kinds/core.gardener.cloud/shoot.ts';
import { humioChecks } from './kinds/core.humio.com/humio.ts';
import { spinApp } from './kinds/core.spinkube.dev/spin-app.ts';
import { gameServer } from './kinds/game.kruise.io/game-server.ts';
import { gameServerSet } from './kinds/game.kruise.io/game-server-set.ts';
import { constraintTemplate } from './kinds/gatekeeper.sh/gatekeeper.ts';
import { iamrole } from './kinds/iammanager.keikoproj.io/iamrole.ts';
import { mariaDb } from './kinds/k8s.mariadb.com/maria-db.ts';
import { mariaDbBackup, mariaDbSqlJob } from './kinds/k8s.mariadb.com/work.ts';
import { banzaiKafkaCluster } from './kinds/kafka.banzaicloud.io/kafka-cluster.ts';
import { keptnChecks } from './kinds/keptn.sh/keptn.ts';
import { numaflowPart } from './kinds/numaflow.numaproj.io/vertex.ts';
import { numaplaneChecks } from './kinds/numaplane.numaproj.io/numaplane.ts';
import { storageCluster } from './kinds/ocs.openshift.io/storage-cluster.ts';
import { openFaasFunction } from './kinds/openfaas.com/function.ts';
import { confluentConnector } from './kinds/platform.confluent.io/connector.ts';
import {
  certificatePolicy,
  configurationPolicy,
  operatorPolicy,
} from './kinds/policy.open-cluster-management.io/policies.ts';
import { dnssdServiceInstance } from './kinds/proclaim.dogmatiq.io/dnssd-service-instance.ts';
import { promoterChecks } from './kinds/promoter.argoproj.io/promoter.ts';
import { kruiseRollout } from './kinds/rollouts.kruise.io/rollout.ts';
import { sapServiceChecks } from './kinds/services.cloud.sap.com/services.ts';
import { knativePartChecks } from './kinds/serving.knative.dev/parts.ts';
import { inferenceService } from './kinds/serving.kserve.io/inference-service.ts';
import { sparkApplication } from './kinds/sparkoperator.k8s.io/spark-application.ts';
import { spotDeployment } from './kinds/spot.io/spot-deployment.ts';
import { clusterStackInstall } from './kinds/stacks.crossplane.io/cluster-stack-install.ts';
import { tridentBackendConfig, tridentOrchestrator } from './kinds/trident.netapp.io/trident.ts';
import { clusterResourceBinding, resourceBinding } from './kinds/work.karmada.io/bindings.ts';

/** Kinds that come in families, and those that fewer users meet. */
export const familyChecks: HealthCheckEntries = [
  ...astraChecks,
  ...humioChecks,
  ...keptnChecks,
  ...knativePartChecks,
  ...numaplaneChecks,
  ...oldCertManagerChecks,
  ...promoterChecks,
  ...sapServiceChecks,
  ...threeScaleChecks,
  ['apps.3scale.net/APIManager', apiManager],
  ['apps.kruise.io/DaemonSet', kruiseDaemonSet],
  ['cassandra.rook.io/Cluster', cassandraCluster],
  ['clickhouse-keeper.altinity.com/ClickHouseKeeperInstallation', clickHouseInstallation],
  ['controlplane.cluster.x-k8s.io/AWSManagedControlPlane', awsManagedControlPlane],
  ['coralogix.com/RecordingRuleGroupSet', alert],
  ['core.gardener.cloud/Shoot', shoot],
  ['core.spinkube.dev/SpinApp', spinApp],
  ['game.kruise.io/GameServer', gameServer],
  ['game.kruise.io/GameServerSet', gameServerSet],
  ['iammanager.keikoproj.io/Iamrole', iamrole],
  ['k8s.mariadb.com/Backup', mariaDbBackup],
  ['k8s.mariadb.com/SqlJob', mariaDbSqlJob],
  ['kafka.banzaicloud.io/KafkaCluster', banzaiKafkaCluster],
  ['mariadb.mmontes.io/MariaDB', mariaDb],
  ['numaflow.numaproj.io/InterStepBufferService', numaflowPart],
  ['numaflow.numaproj.io/MonoVertex', numaflowPart],
  ['numaflow.numaproj.io/Vertex', numaflowPart],
  ['ocs.openshift.io/StorageCluster', storageCluster],
  ['openfaas.com/Function', openFaasFunction],
  ['platform.confluent.io/Connector', confluentConnector],
  ['policy.open-cluster-management.io/CertificatePolicy', certificatePolicy],
  ['policy.open-cluster-management.io/ConfigurationPolicy', configurationPolicy],
  ['policy.open-cluster-management.io/OperatorPolicy', operatorPolicy],
  ['proclaim.dogmatiq.io/DNSSDServiceInstance', dnssdServiceInstance],
  ['rollouts.kruise.io/Rollout', kruiseRollout],
  ['serving.kserve.io/InferenceService', inferenceService],
  ['sparkoperator.k8s.io/SparkApplication', sparkApplication],
  ['spot.io/SpotDeployment', spotDeployment],
  ['stacks.crossplane.io/ClusterStackInstall', clusterStackInstall],
  ['templates.gatekeeper.sh/ConstraintTemplate', constraintTemplate],
  ['trident.netapp.io/TridentBackendConfig', tridentBackendConfig],
  ['trident.netapp.io/TridentOrchestrator', tridentOrchestrator],
  ['work.karmada.io/ClusterResourceBinding', clusterResourceBinding],
  ['work.karmada.io/ResourceBinding', resourceBinding],
];
