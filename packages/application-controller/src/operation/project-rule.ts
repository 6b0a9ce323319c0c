import type { SyncTask } from '@plumbline/sync';
import type { Pass } from '../pass.ts';
import { type HoldRule, hasBegun } from './hold.ts';
import { permitted } from './prepare-attempt.ts';

/** Tasks shown of all that are refused. */
const shown = 5;

/** What the operation has not done yet: a task that has a result is under way or over. */
function remaining(tasks: readonly SyncTask[], done: ReadonlySet<string>): SyncTask[] {
  return tasks.filter(({ key, target }) => target !== undefined && !done.has(nameOf(key)));
}

function nameOf({ group, kind, namespace, name }: { group: string; kind: string; namespace: string; name: string }) {
  return [group, kind, namespace, name].join('/');
}

/**
 * An operation under way ends when its project has come to forbid what is still to be applied (reference §9.2): rights count
 * when the work is done, not only when it was planned. What a plan refuses at its beginning is told by the plan itself.
 */
export function projectRule(): HoldRule {
  return (pass: Pass, { plan }, state) => {
    if (!hasBegun(state)) return undefined;
    const results = state.syncResult?.resources ?? [];
    const done = new Set(
      results.map(({ group = '', kind, namespace = '', name }) => nameOf({ group, kind, namespace, name })),
    );
    const tasks = plan.phases.flatMap(({ waves }) => waves.flatMap((wave) => wave.tasks));
    const problems = remaining(tasks, done).flatMap(({ key }) => permitted(pass, key) ?? []);
    if (problems.length === 0) return undefined;
    const more = problems.length > shown ? ` and ${problems.length - shown} more` : '';
    const text = problems.slice(0, shown).join('; ') + more;
    return { kind: 'refuse', message: `the project does not permit the rest of the operation any more: ${text}` };
  };
}
