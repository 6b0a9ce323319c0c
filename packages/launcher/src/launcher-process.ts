import { endGroup } from './end-group.ts';
import { type Execution, execute } from './execute.ts';
import type { LauncherAnswer, LauncherRequest } from './types.ts';

/**
 * The launching process: runs what its parent sends over the channel, and ends with everything it runs when the parent goes.
 */
const running = new Map<number, Execution>();

function answer(message: LauncherAnswer): void {
  if (process.connected) process.send?.(message);
}

function failure(error: unknown): { message: string; code: string | undefined } {
  const { message, code } = error as NodeJS.ErrnoException;
  return { message, code };
}

function start(id: number, execution: Execution): void {
  running.set(id, execution);
  if (execution.group !== undefined) answer({ id, started: execution.group });
  execution.ended
    .then(
      (outcome) => answer({ id, outcome }),
      (error: unknown) => answer({ id, failure: failure(error) }),
    )
    .finally(() => running.delete(id));
}

process.on('message', (request: LauncherRequest) => {
  if ('abort' in request) {
    running.get(request.id)?.abort();
    return;
  }
  try {
    start(request.id, execute(request.run));
  } catch (error) {
    answer({ id: request.id, failure: failure(error) });
  }
});

process.on('disconnect', () => {
  for (const { group } of running.values()) endGroup(group, 'SIGKILL');
  process.exit();
});
