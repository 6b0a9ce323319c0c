import { Fatal } from '../fatal.ts';
import { follow, printOutcome, type Waiting } from './wait.ts';
import { isIdle } from './wait-state.ts';

/** What an operation is called in messages, and what to do where it fails. */
interface EndOptions {
  what: 'sync' | 'rollback';
  next: string;
}

/**
 * Waits for the end of the operation that was just asked for, and prints its outcome. The request cleared the state of
 * earlier ones: a completed one is this one. Throws Fatal where it did not succeed.
 */
export async function awaitEnd(waiting: Waiting, { what, next }: EndOptions): Promise<void> {
  const done = await follow(waiting, (now) =>
    now.status?.operationState && isIdle(now)
      ? { state: 'done' }
      : { state: 'waiting', missing: ['the operation to end'] },
  );
  if (!done) return;
  await printOutcome(waiting, done);
  const state = done.status?.operationState;
  if (!state || state.phase === 'Succeeded') return;
  throw new Fatal(`the ${what} of ${waiting.name} ended as ${state.phase}: ${state.message ?? 'no message'}`, { next });
}
