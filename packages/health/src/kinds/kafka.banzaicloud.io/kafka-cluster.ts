import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const settled = ['GracefulUpscaleSucceeded', 'GracefulDownscaleSucceeded'];

function isInSync(broker: unknown): boolean {
  const state = textAt(broker, 'gracefulActionState', 'cruiseControlState');
  return textAt(broker, 'configurationState') === 'ConfigInSync' && settled.includes(state);
}

/** Healthy when every broker has its configuration and Cruise Control is ready. */
export const banzaiKafkaCluster: HealthCheck = (object) => {
  const state = textAt(object, 'status', 'state');
  const known = fieldsAt(object, 'status')['brokersState'] !== undefined;
  if (state === 'ClusterRollingUpgrading') return progressing('The brokers are upgraded one after the other');
  if (!known) return progressing('Waiting for the brokers');
  const brokers = Object.values(fieldsAt(object, 'status', 'brokersState'));
  if (!brokers.every(isInSync)) return degraded('A broker lacks its configuration or its place in the cluster');
  const control = textAt(object, 'status', 'cruiseControlTopicStatus') === 'CruiseControlTopicReady';
  return control && state === 'ClusterRunning' ? healthy() : progressing(state || 'Waiting for the cluster');
};
