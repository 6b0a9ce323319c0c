import type { KubeObject } from '@plumbline/manifests';
import type { HealthCheck } from '../../health-check.ts';
import { type Condition, conditionsOf, fieldsAt, textAt } from '../../read.ts';
import { explain } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

const broken = ['CatalogSourcesUnhealthy', 'InstallPlanFailed', 'ResolutionFailed'];
const knownStates = ['', 'UpgradeAvailable', 'UpgradePending'];

function isBroken({ type, status, reason }: Condition): boolean {
  if (type === 'InstallPlanMissing') return reason !== 'ReferencedInstallPlanNotFound';
  return broken.includes(type) && status === 'True';
}

function waitsForApproval(object: KubeObject, conditions: readonly Condition[]): boolean {
  const manual = textAt(object, 'spec', 'installPlanApproval') === 'Manual';
  const installed = fieldsAt(object, 'status')['installedCSV'] !== undefined;
  const asked = conditions.some(
    ({ type, status, reason }) => type === 'InstallPlanPending' && status === 'True' && reason === 'RequiresApproval',
  );
  return manual && installed && asked;
}

/** Installed and up to date; an upgrade of what is installed may wait for its approval. */
export const operatorSubscription: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return progressing('Waiting for an install plan');
  const state = textAt(object, 'status', 'state');
  const broken = conditions.find(isBroken);
  if (broken) return degraded(explain(broken));
  if (state === 'UpgradeFailed') return degraded('The upgrade has failed');
  const approval = waitsForApproval(object, conditions);
  const pending =
    !approval && conditions.some(({ type, status }) => type === 'InstallPlanPending' && status === 'True');
  const settled = state === 'AtLatestKnown' || (state === 'UpgradePending' && approval) || !knownStates.includes(state);
  if (pending || !settled) return progressing(state || 'Waiting for the operator to be installed');
  return healthy(approval ? 'An upgrade waits for approval' : state);
};
