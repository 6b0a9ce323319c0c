import type { ExecOptions, ExecSession, ExecTarget, KubeClient } from '@plumbline/cluster';

/** What a container says that has no such program. */
const missing = /executable file not found|no such file or directory|not found in \$PATH|exit code 12[67]/i;

/** The shells to try, in order: the one that was asked for where the settings allow it, else all of the settings. */
export function shellsFor(allowed: readonly string[], wanted: string | undefined): readonly string[] {
  return wanted !== undefined && allowed.includes(wanted) ? [wanted] : allowed;
}

export interface ShellOptions extends ExecOptions {
  /** A shell runs; called again where it turned out that the container does not have it. */
  onSession(session: ExecSession, shell: string): void;
}

/**
 * Runs the first shell that the container has. Whether it has one shows only when the program ends at once; `onEnd` is told of the
 * last attempt. Throws what the API server says where it refuses altogether.
 */
export async function runShell(
  client: Pick<KubeClient, 'exec'>,
  target: Omit<ExecTarget, 'command'>,
  { shells, onOutput, onEnd, onSession, signal }: ShellOptions & { shells: readonly string[] },
): Promise<void> {
  const [shell, ...others] = shells;
  if (shell === undefined) {
    onEnd('exec.shells names no shell');
    return;
  }
  const tryNext = (): void => {
    runShell(client, target, { shells: others, onOutput, onEnd, onSession, signal }).catch((error: unknown) =>
      onEnd(error instanceof Error ? error.message : String(error)),
    );
  };
  const ended = (reason?: string): void => {
    if (reason !== undefined && missing.test(reason) && others.length > 0 && !signal.aborted) tryNext();
    else onEnd(reason);
  };
  const session = await client.exec({ ...target, command: [shell] }, { onOutput, onEnd: ended, signal });
  onSession(session, shell);
}
