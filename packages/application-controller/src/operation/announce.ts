import { deepEqual } from '@plumbline/manifests';
import type { Pass } from '../pass.ts';
import type { Attempt } from './running-operation.ts';

/** Plans of more tasks are announced. */
const quietTasks = 25;

/**
 * Whether an operation is written to the custom resource before its first write: what takes long, what a restart must
 * know (the order of prunes), and what brings another revision than the last one, so that who sees a change finds its
 * revision. What has results has been announced.
 */
export function needsAnnouncement({ app, operationState }: Pass, { plan, pruneWaves, target }: Attempt): boolean {
  if ((operationState?.syncResult?.resources?.length ?? 0) > 0) return false;
  const tasks = plan.phases.flatMap(({ waves }) => waves.flatMap((wave) => wave.tasks)).length;
  return tasks > quietTasks || pruneWaves.length > 1 || !deepEqual(toldRevisions(app), [...target.revisions]);
}

/** The revisions that the custom resource names for the last operation. */
function toldRevisions({ status }: Pass['app']): string[] {
  const { revision, revisions } = status?.operationState?.syncResult ?? {};
  return revisions && revisions.length > 0 ? revisions : revision ? [revision] : [];
}
