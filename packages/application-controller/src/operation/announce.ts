import { deepEqual } from '@plumbline/manifests';
import type { Pass } from '../pass.ts';
import type { Attempt } from './running-operation.ts';

/** Plans of more tasks are announced. */
const quietTasks = 25;

/**
 * Whether an operation is written to the custom resource before its first write: where it takes long, where a restart
 * must know the order of its prunes, and where it brings another revision than the last one, so that who sees a change
 * finds its revision. One with results has been announced.
 */
export function needsAnnouncement({ app, operationState }: Pass, { plan, pruneWaves, target }: Attempt): boolean {
  if ((operationState?.syncResult?.resources?.length ?? 0) > 0) return false;
  const waves = plan.phases.flatMap((phase) => phase.waves);
  const tasks = waves.reduce((sum, wave) => sum + wave.tasks.length, 0);
  return tasks > quietTasks || pruneWaves.length > 1 || !deepEqual(toldRevisions(app), [...target.revisions]);
}

/** The revisions that the custom resource names for the last operation. */
function toldRevisions({ status }: Pass['app']): readonly string[] {
  const { revision, revisions = [] } = status?.operationState?.syncResult ?? {};
  if (revisions.length > 0) return revisions;
  return revision ? [revision] : [];
}
