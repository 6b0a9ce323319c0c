import { keyString } from '@plumbline/manifests';
import type { ResourceResult, SyncTask } from './types.ts';

/** Identity of a task in one operation: group, kind, namespace, name and phase (reference §2.1). */
export function taskId(task: Pick<SyncTask, 'key' | 'phase'>): string {
  return `${keyString(task.key)}@${task.phase}`;
}

/** The same identity, of a persisted result. */
export function resultId(result: ResourceResult): string {
  return `${keyString(result)}@${result.syncPhase ?? 'Sync'}`;
}
