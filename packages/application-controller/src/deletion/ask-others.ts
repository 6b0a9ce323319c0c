import { applicationGroup } from '@plumbline/apis';
import { type KubeObject, trackedApplication } from '@plumbline/manifests';
import type { DeletionPlan } from '@plumbline/sync';
import type { DeletionGateOptions } from '../operation/deletion-gate.ts';
import { type OtherApplications, patienceMs } from '../operation/hand-over.ts';
import { othersToAsk } from '../operation/others-to-ask.ts';
import type { Pass } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';

const checkMs = 100;
/** Applications that the parent is about to make are waited for no longer than this. */
const parentMs = 5_000;

/**
 * Whether the deletion of an Application waits for others that may have what is to go: those that have not looked at
 * their sources since, and those that the app of apps, which takes this one away, makes in the same operation.
 */
export function asksOthers(pass: Pass, plan: DeletionPlan, { others, clock }: DeletionGateOptions): boolean {
  const objects = plan.waves.flatMap((wave) => wave.objects);
  if (objects.every(({ metadata }) => metadata.deletionTimestamp !== undefined)) return false;
  const { operations } = pass.runtime;
  const operation = `cascade ${pass.app.metadata.deletionTimestamp ?? ''}`;
  const known = operations.waitsForOthers;
  const { since, steady } = known?.operation === operation ? known : { since: clock(), steady: pass.steady() };
  operations.waitsForOthers = { operation, since, steady };
  const waited = pass.steady() - steady;
  if (waited > patienceMs) return false;
  const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace ?? ''));
  const asked = othersToAsk(pass, { others, since, namespaces });
  if (asked.length === 0 && (waited > parentMs || siblingsToCome(pass, others).length === 0)) return false;
  for (const key of asked) others.refresh(key);
  pass.later.push({ level: levels.compare, ms: checkMs });
  return true;
}

/** Applications that the running operation of the parent is going to make, and has not made yet. */
function siblingsToCome({ app, facts }: Pass, others: OtherApplications): string[] {
  const parent = facts && trackedApplication(app as unknown as KubeObject, facts.tracking);
  if (!parent) return [];
  const runtime = [...others.runtimes()].find(([, { target }]) => target?.facts.application === parent)?.[1];
  const tasks = runtime?.attempt?.plan.phases.flatMap(({ waves }) => waves.flatMap((wave) => wave.tasks)) ?? [];
  return tasks
    .filter(
      ({ key: { group, kind }, action }) => group === applicationGroup && kind === 'Application' && action === 'apply',
    )
    .map(({ key: { namespace, name } }) => `${namespace}/${name}`)
    .filter((name) => others.exists?.(name) === false);
}
