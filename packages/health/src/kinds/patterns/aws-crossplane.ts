import type { HealthCheck } from '../../health-check.ts';
import { conditionOf, fieldsAt } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** These kinds of the classic provider for AWS say when their reconciliation is paused, and are waited for when they are new. */
const kinds = [
  'cloudfront.aws.crossplane.io/Distribution',
  'iam.aws.crossplane.io/Policy',
  'iam.aws.crossplane.io/Role',
  'iam.aws.crossplane.io/RolePolicyAttachment',
  'rds.aws.crossplane.io/DBCluster',
  'rds.aws.crossplane.io/DBInstance',
  'route53.aws.crossplane.io/ResourceRecordSet',
  's3.aws.crossplane.io/Bucket',
];

const awsCrossplane: HealthCheck = (object) => {
  if (fieldsAt(object, 'status')['conditions'] === undefined) return progressing('Waiting for the provider');
  const synced = conditionOf(object, 'Synced');
  const ready = conditionOf(object, 'Ready');
  const isReady = ready?.status === 'True';
  if (synced?.status === 'True') return isReady ? healthy(ready.reason) : progressing('Waiting to be available');
  if (synced?.reason === 'ReconcilePaused') return suspended('Reconciliation is paused');
  return degraded(synced && explain(synced));
};

/** Registry entries of the kinds above. */
export const awsCrossplaneChecks: readonly (readonly [string, HealthCheck])[] = kinds.map(
  (kind) => [kind, awsCrossplane] as const,
);
