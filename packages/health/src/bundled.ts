import { familyChecks } from './bundled-families.ts';
import type { HealthCheck } from './health-check.ts';
import { zalandoPostgresql } from './kinds/acid.zalan.do/postgresql.ts';
import { clusterResourceSet } from './kinds/addons.cluster.x-k8s.io/cluster-resource-set.ts';
import { advancedCronJob } from './kinds/apps.kruise.io/advanced-cron-job.ts';
import { broadcastJob } from './kinds/apps.kruise.io/broadcast-job.ts';
import { kruiseCloneSet } from './kinds/apps.kruise.io/clone-set.ts';
import { kruiseStatefulSet } from './kinds/apps.kruise.io/stateful-set.ts';
import { deploymentConfig } from './kinds/apps.openshift.io/deployment-config.ts';
import { analysisRun } from './kinds/argoproj.io/analysis-run.ts';
import { applicationSet } from './kinds/argoproj.io/application-set.ts';
import { cronWorkflow } from './kinds/argoproj.io/cron-workflow.ts';
import { eventBus } from './kinds/argoproj.io/event-bus.ts';
import { experiment } from './kinds/argoproj.io/experiment.ts';
import { rollout } from './kinds/argoproj.io/rollout.ts';
import { beat } from './kinds/beat.k8s.elastic.co/beat.ts';
import { sealedSecret } from './kinds/bitnami.com/sealed-secret.ts';
import { integration } from './kinds/camel.apache.org/integration.ts';
import { dataVolume } from './kinds/cdi.kubevirt.io/data-volume.ts';
import { cephCluster } from './kinds/ceph.rook.io/ceph-cluster.ts';
import { cephObjectStore } from './kinds/ceph.rook.io/ceph-object-store.ts';
import { certificate } from './kinds/cert-manager.io/certificate.ts';
import { clusterIssuer } from './kinds/cert-manager.io/cluster-issuer.ts';
import { issuer } from './kinds/cert-manager.io/issuer.ts';
import { clickHouseInstallation } from './kinds/clickhouse.altinity.com/click-house-installation.ts';
import { clusterApiCluster } from './kinds/cluster.x-k8s.io/cluster.ts';
import { machine } from './kinds/cluster.x-k8s.io/machine.ts';
import { machineDeployment } from './kinds/cluster.x-k8s.io/machine-deployment.ts';
import { machineHealthCheck } from './kinds/cluster.x-k8s.io/machine-health-check.ts';
import { machinePool } from './kinds/cluster.x-k8s.io/machine-pool.ts';
import { alert } from './kinds/coralogix.com/alert.ts';
import { datadogMetric } from './kinds/datadoghq.com/datadog-metric.ts';
import { atlasMigration } from './kinds/db.atlasgo.io/atlas-migration.ts';
import { atlasSchema } from './kinds/db.atlasgo.io/atlas-schema.ts';
import { elasticsearch } from './kinds/elasticsearch.k8s.elastic.co/elasticsearch.ts';
import { clusterExternalSecret } from './kinds/external-secrets.io/cluster-external-secret.ts';
import { clusterSecretStore } from './kinds/external-secrets.io/cluster-secret-store.ts';
import { externalSecret } from './kinds/external-secrets.io/external-secret.ts';
import { pushSecret } from './kinds/external-secrets.io/push-secret.ts';
import { secretStore } from './kinds/external-secrets.io/secret-store.ts';
import { canary } from './kinds/flagger.app/canary.ts';
import { flinkDeployment } from './kinds/flink.apache.org/flink-deployment.ts';
import { backendTlsPolicy } from './kinds/gateway.networking.k8s.io/backend-tls-policy.ts';
import { gateway } from './kinds/gateway.networking.k8s.io/gateway.ts';
import { gatewayClass } from './kinds/gateway.networking.k8s.io/gateway-class.ts';
import { grpcRoute } from './kinds/gateway.networking.k8s.io/grpc-route.ts';
import { httpRoute } from './kinds/gateway.networking.k8s.io/http-route.ts';
import { glooGateway } from './kinds/gateway.solo.io/gateway.ts';
import { glooMatchableHttpGateway } from './kinds/gateway.solo.io/matchable-http-gateway.ts';
import { glooRouteOption } from './kinds/gateway.solo.io/route-option.ts';
import { glooRouteTable } from './kinds/gateway.solo.io/route-table.ts';
import { glooVirtualHostOption } from './kinds/gateway.solo.io/virtual-host-option.ts';
import { glooVirtualService } from './kinds/gateway.solo.io/virtual-service.ts';
import { glooProxy } from './kinds/gloo.solo.io/proxy.ts';
import { glooSettings } from './kinds/gloo.solo.io/settings.ts';
import { glooUpstream } from './kinds/gloo.solo.io/upstream.ts';
import { glooUpstreamGroup } from './kinds/gloo.solo.io/upstream-group.ts';
import { grafana } from './kinds/grafana.integreatly.org/grafana.ts';
import { grafanaDashboard } from './kinds/grafana.integreatly.org/grafana-dashboard.ts';
import { grafanaDatasource } from './kinds/grafana.integreatly.org/grafana-datasource.ts';
import { grafanaFolder } from './kinds/grafana.integreatly.org/grafana-folder.ts';
import { fluxHelmRelease } from './kinds/helm.toolkit.fluxcd.io/helm-release.ts';
import { fluxImagePolicy } from './kinds/image.toolkit.fluxcd.io/image-policy.ts';
import { fluxImageRepository } from './kinds/image.toolkit.fluxcd.io/image-repository.ts';
import { fluxImageUpdateAutomation } from './kinds/image.toolkit.fluxcd.io/image-update-automation.ts';
import { istioOperator } from './kinds/install.istio.io/istio-operator.ts';
import { jaeger } from './kinds/jaegertracing.io/jaeger.ts';
import { keycloak } from './kinds/k8s.keycloak.org/keycloak.ts';
import { mariaDbDatabase } from './kinds/k8s.mariadb.com/database.ts';
import { mariaDbGrant } from './kinds/k8s.mariadb.com/grant.ts';
import { mariaDb } from './kinds/k8s.mariadb.com/maria-db.ts';
import { mariaDbUser } from './kinds/k8s.mariadb.com/user.ts';
import { kafka } from './kinds/kafka.strimzi.io/kafka.ts';
import { kafkaBridge } from './kinds/kafka.strimzi.io/kafka-bridge.ts';
import { kafkaConnect } from './kinds/kafka.strimzi.io/kafka-connect.ts';
import { kafkaConnector } from './kinds/kafka.strimzi.io/kafka-connector.ts';
import { kafkaTopic } from './kinds/kafka.strimzi.io/kafka-topic.ts';
import { kafkaUser } from './kinds/kafka.strimzi.io/kafka-user.ts';
import { ec2NodeClass } from './kinds/karpenter.k8s.aws/ec2-node-class.ts';
import { nodeClaim } from './kinds/karpenter.sh/node-claim.ts';
import { nodePool } from './kinds/karpenter.sh/node-pool.ts';
import { scaledJob } from './kinds/keda.sh/scaled-job.ts';
import { scaledObject } from './kinds/keda.sh/scaled-object.ts';
import { kiali } from './kinds/kiali.io/kiali.ts';
import { kubernetesExternalSecret } from './kinds/kubernetes-client.io/external-secret.ts';
import { virtualMachine } from './kinds/kubevirt.io/virtual-machine.ts';
import { virtualMachineInstance } from './kinds/kubevirt.io/virtual-machine-instance.ts';
import { fluxKustomization } from './kinds/kustomize.toolkit.fluxcd.io/kustomization.ts';
import { kyvernoPolicy } from './kinds/kyverno.io/policy.ts';
import { logstash } from './kinds/logstash.k8s.elastic.co/logstash.ts';
import { tenant } from './kinds/minio.min.io/tenant.ts';
import { prometheus } from './kinds/monitoring.coreos.com/prometheus.ts';
import { managedCertificate } from './kinds/networking.gke.io/managed-certificate.ts';
import { nodeNetworkConfigurationPolicy } from './kinds/nmstate.io/node-network-configuration-policy.ts';
import { fluxReceiver } from './kinds/notification.toolkit.fluxcd.io/receiver.ts';
import { numaflowPipeline } from './kinds/numaflow.numaproj.io/pipeline.ts';
import { objectBucketClaim } from './kinds/objectbucket.io/object-bucket-claim.ts';
import { onePasswordItem } from './kinds/onepassword.com/one-password-item.ts';
import { openTelemetryCollector } from './kinds/opentelemetry.io/open-telemetry-collector.ts';
import { knativeEventing } from './kinds/operator.knative.dev/knative-eventing.ts';
import { knativeServing } from './kinds/operator.knative.dev/knative-serving.ts';
import { ingressController } from './kinds/operator.openshift.io/ingress-controller.ts';
import { operatorSubscription } from './kinds/operators.coreos.com/subscription.ts';
import { crossplaneProvider } from './kinds/pkg.crossplane.io/provider.ts';
import { confluentConnect } from './kinds/platform.confluent.io/connect.ts';
import { confluentControlCenter } from './kinds/platform.confluent.io/control-center.ts';
import { confluentKafka } from './kinds/platform.confluent.io/kafka.ts';
import { confluentKsqlDb } from './kinds/platform.confluent.io/ksql-db.ts';
import { confluentSchemaRegistry } from './kinds/platform.confluent.io/schema-registry.ts';
import { confluentZookeeper } from './kinds/platform.confluent.io/zookeeper.ts';
import { podDisruptionBudget } from './kinds/policy/pod-disruption-budget.ts';
import { clusterManagementPolicy } from './kinds/policy.open-cluster-management.io/policy.ts';
import { cnpgCluster } from './kinds/postgresql.cnpg.io/cluster.ts';
import { extensionService } from './kinds/projectcontour.io/extension-service.ts';
import { httpProxy } from './kinds/projectcontour.io/http-proxy.ts';
import { perconaServerMongoDb } from './kinds/psmdb.percona.com/percona-server-mongo-db.ts';
import { pulumiStack } from './kinds/pulumi.com/stack.ts';
import { perconaXtraDbCluster } from './kinds/pxc.percona.com/percona-xtra-db-cluster.ts';
import { rabbitmqBinding } from './kinds/rabbitmq.com/binding.ts';
import { rabbitmqExchange } from './kinds/rabbitmq.com/exchange.ts';
import { rabbitmqPermission } from './kinds/rabbitmq.com/permission.ts';
import { rabbitmqPolicy } from './kinds/rabbitmq.com/policy.ts';
import { rabbitmqQueue } from './kinds/rabbitmq.com/queue.ts';
import { rabbitmqCluster } from './kinds/rabbitmq.com/rabbitmq-cluster.ts';
import { rabbitmqShovel } from './kinds/rabbitmq.com/shovel.ts';
import { rabbitmqUser } from './kinds/rabbitmq.com/user.ts';
import { rabbitmqVhost } from './kinds/rabbitmq.com/vhost.ts';
import { route } from './kinds/route.openshift.io/route.ts';
import { knativeService } from './kinds/serving.knative.dev/service.ts';
import { volumeSnapshot } from './kinds/snapshot.storage.k8s.io/volume-snapshot.ts';
import { volumeSnapshotContent } from './kinds/snapshot.storage.k8s.io/volume-snapshot-content.ts';
import { solrCloud } from './kinds/solr.apache.org/solr-cloud.ts';
import { fluxBucket } from './kinds/source.toolkit.fluxcd.io/bucket.ts';
import { fluxGitRepository } from './kinds/source.toolkit.fluxcd.io/git-repository.ts';
import { fluxHelmChart } from './kinds/source.toolkit.fluxcd.io/helm-chart.ts';
import { fluxHelmRepository } from './kinds/source.toolkit.fluxcd.io/helm-repository.ts';
import { fluxOCIRepository } from './kinds/source.toolkit.fluxcd.io/oci-repository.ts';
import { ansibleJob } from './kinds/tower.ansible.com/ansible-job.ts';
import { zookeeperCluster } from './kinds/zookeeper.pravega.io/zookeeper-cluster.ts';

/** Checks of well-known custom kinds by `group/Kind`. */
export const bundledChecks: ReadonlyMap<string, HealthCheck> = new Map([
  ...familyChecks,
  ['acid.zalan.do/postgresql', zalandoPostgresql],
  ['addons.cluster.x-k8s.io/ClusterResourceSet', clusterResourceSet],
  ['apps.kruise.io/AdvancedCronJob', advancedCronJob],
  ['apps.kruise.io/BroadcastJob', broadcastJob],
  ['apps.kruise.io/CloneSet', kruiseCloneSet],
  ['apps.kruise.io/StatefulSet', kruiseStatefulSet],
  ['apps.openshift.io/DeploymentConfig', deploymentConfig],
  ['argoproj.io/AnalysisRun', analysisRun],
  ['argoproj.io/ApplicationSet', applicationSet],
  ['argoproj.io/CronWorkflow', cronWorkflow],
  ['argoproj.io/EventBus', eventBus],
  ['argoproj.io/Experiment', experiment],
  ['argoproj.io/Rollout', rollout],
  ['beat.k8s.elastic.co/Beat', beat],
  ['bitnami.com/SealedSecret', sealedSecret],
  ['camel.apache.org/Integration', integration],
  ['cdi.kubevirt.io/DataVolume', dataVolume],
  ['ceph.rook.io/CephCluster', cephCluster],
  ['ceph.rook.io/CephObjectStore', cephObjectStore],
  ['cert-manager.io/Certificate', certificate],
  ['cert-manager.io/ClusterIssuer', clusterIssuer],
  ['cert-manager.io/Issuer', issuer],
  ['clickhouse.altinity.com/ClickHouseInstallation', clickHouseInstallation],
  ['cluster.x-k8s.io/Cluster', clusterApiCluster],
  ['cluster.x-k8s.io/Machine', machine],
  ['cluster.x-k8s.io/MachineDeployment', machineDeployment],
  ['cluster.x-k8s.io/MachineHealthCheck', machineHealthCheck],
  ['cluster.x-k8s.io/MachinePool', machinePool],
  ['coralogix.com/Alert', alert],
  ['datadoghq.com/DatadogMetric', datadogMetric],
  ['db.atlasgo.io/AtlasMigration', atlasMigration],
  ['db.atlasgo.io/AtlasSchema', atlasSchema],
  ['elasticsearch.k8s.elastic.co/Elasticsearch', elasticsearch],
  ['external-secrets.io/ClusterExternalSecret', clusterExternalSecret],
  ['external-secrets.io/ClusterSecretStore', clusterSecretStore],
  ['external-secrets.io/ExternalSecret', externalSecret],
  ['external-secrets.io/PushSecret', pushSecret],
  ['external-secrets.io/SecretStore', secretStore],
  ['flagger.app/Canary', canary],
  ['flink.apache.org/FlinkDeployment', flinkDeployment],
  ['gateway.networking.k8s.io/BackendTLSPolicy', backendTlsPolicy],
  ['gateway.networking.k8s.io/GRPCRoute', grpcRoute],
  ['gateway.networking.k8s.io/Gateway', gateway],
  ['gateway.networking.k8s.io/GatewayClass', gatewayClass],
  ['gateway.networking.k8s.io/HTTPRoute', httpRoute],
  ['gateway.solo.io/Gateway', glooGateway],
  ['gateway.solo.io/MatchableHttpGateway', glooMatchableHttpGateway],
  ['gateway.solo.io/RouteOption', glooRouteOption],
  ['gateway.solo.io/RouteTable', glooRouteTable],
  ['gateway.solo.io/VirtualHostOption', glooVirtualHostOption],
  ['gateway.solo.io/VirtualService', glooVirtualService],
  ['gloo.solo.io/Proxy', glooProxy],
  ['gloo.solo.io/Settings', glooSettings],
  ['gloo.solo.io/Upstream', glooUpstream],
  ['gloo.solo.io/UpstreamGroup', glooUpstreamGroup],
  ['grafana.integreatly.org/Grafana', grafana],
  ['grafana.integreatly.org/GrafanaDashboard', grafanaDashboard],
  ['grafana.integreatly.org/GrafanaDatasource', grafanaDatasource],
  ['grafana.integreatly.org/GrafanaFolder', grafanaFolder],
  ['helm.toolkit.fluxcd.io/HelmRelease', fluxHelmRelease],
  ['image.toolkit.fluxcd.io/ImagePolicy', fluxImagePolicy],
  ['image.toolkit.fluxcd.io/ImageRepository', fluxImageRepository],
  ['image.toolkit.fluxcd.io/ImageUpdateAutomation', fluxImageUpdateAutomation],
  ['install.istio.io/IstioOperator', istioOperator],
  ['jaegertracing.io/Jaeger', jaeger],
  ['k8s.keycloak.org/Keycloak', keycloak],
  ['k8s.mariadb.com/Database', mariaDbDatabase],
  ['k8s.mariadb.com/Grant', mariaDbGrant],
  ['k8s.mariadb.com/MariaDB', mariaDb],
  ['k8s.mariadb.com/User', mariaDbUser],
  ['kafka.strimzi.io/Kafka', kafka],
  ['kafka.strimzi.io/KafkaBridge', kafkaBridge],
  ['kafka.strimzi.io/KafkaConnect', kafkaConnect],
  ['kafka.strimzi.io/KafkaConnector', kafkaConnector],
  ['kafka.strimzi.io/KafkaTopic', kafkaTopic],
  ['kafka.strimzi.io/KafkaUser', kafkaUser],
  ['karpenter.k8s.aws/EC2NodeClass', ec2NodeClass],
  ['karpenter.sh/NodeClaim', nodeClaim],
  ['karpenter.sh/NodePool', nodePool],
  ['keda.sh/ScaledJob', scaledJob],
  ['keda.sh/ScaledObject', scaledObject],
  ['kiali.io/Kiali', kiali],
  ['kubernetes-client.io/ExternalSecret', kubernetesExternalSecret],
  ['kubevirt.io/VirtualMachine', virtualMachine],
  ['kubevirt.io/VirtualMachineInstance', virtualMachineInstance],
  ['kustomize.toolkit.fluxcd.io/Kustomization', fluxKustomization],
  ['kyverno.io/Policy', kyvernoPolicy],
  ['logstash.k8s.elastic.co/Logstash', logstash],
  ['minio.min.io/Tenant', tenant],
  ['monitoring.coreos.com/Prometheus', prometheus],
  ['networking.gke.io/ManagedCertificate', managedCertificate],
  ['nmstate.io/NodeNetworkConfigurationPolicy', nodeNetworkConfigurationPolicy],
  ['notification.toolkit.fluxcd.io/Receiver', fluxReceiver],
  ['numaflow.numaproj.io/Pipeline', numaflowPipeline],
  ['objectbucket.io/ObjectBucketClaim', objectBucketClaim],
  ['onepassword.com/OnePasswordItem', onePasswordItem],
  ['opentelemetry.io/OpenTelemetryCollector', openTelemetryCollector],
  ['operator.knative.dev/KnativeEventing', knativeEventing],
  ['operator.knative.dev/KnativeServing', knativeServing],
  ['operator.openshift.io/IngressController', ingressController],
  ['operators.coreos.com/Subscription', operatorSubscription],
  ['pkg.crossplane.io/Provider', crossplaneProvider],
  ['platform.confluent.io/Connect', confluentConnect],
  ['platform.confluent.io/ControlCenter', confluentControlCenter],
  ['platform.confluent.io/Kafka', confluentKafka],
  ['platform.confluent.io/KsqlDB', confluentKsqlDb],
  ['platform.confluent.io/SchemaRegistry', confluentSchemaRegistry],
  ['platform.confluent.io/Zookeeper', confluentZookeeper],
  ['policy.open-cluster-management.io/Policy', clusterManagementPolicy],
  ['policy/PodDisruptionBudget', podDisruptionBudget],
  ['postgresql.cnpg.io/Cluster', cnpgCluster],
  ['projectcontour.io/ExtensionService', extensionService],
  ['projectcontour.io/HTTPProxy', httpProxy],
  ['psmdb.percona.com/PerconaServerMongoDB', perconaServerMongoDb],
  ['pulumi.com/Stack', pulumiStack],
  ['pxc.percona.com/PerconaXtraDBCluster', perconaXtraDbCluster],
  ['rabbitmq.com/Binding', rabbitmqBinding],
  ['rabbitmq.com/Exchange', rabbitmqExchange],
  ['rabbitmq.com/Permission', rabbitmqPermission],
  ['rabbitmq.com/Policy', rabbitmqPolicy],
  ['rabbitmq.com/Queue', rabbitmqQueue],
  ['rabbitmq.com/RabbitmqCluster', rabbitmqCluster],
  ['rabbitmq.com/Shovel', rabbitmqShovel],
  ['rabbitmq.com/User', rabbitmqUser],
  ['rabbitmq.com/Vhost', rabbitmqVhost],
  ['route.openshift.io/Route', route],
  ['serving.knative.dev/Service', knativeService],
  ['snapshot.storage.k8s.io/VolumeSnapshot', volumeSnapshot],
  ['snapshot.storage.k8s.io/VolumeSnapshotContent', volumeSnapshotContent],
  ['solr.apache.org/SolrCloud', solrCloud],
  ['source.toolkit.fluxcd.io/Bucket', fluxBucket],
  ['source.toolkit.fluxcd.io/GitRepository', fluxGitRepository],
  ['source.toolkit.fluxcd.io/HelmChart', fluxHelmChart],
  ['source.toolkit.fluxcd.io/HelmRepository', fluxHelmRepository],
  ['source.toolkit.fluxcd.io/OCIRepository', fluxOCIRepository],
  ['tower.ansible.com/AnsibleJob', ansibleJob],
  ['zookeeper.pravega.io/ZookeeperCluster', zookeeperCluster],
]);
