import { CommanderError } from 'commander';
import { endAll } from './at-end.ts';
import { variable } from './config/variable.ts';
import { Fatal, fatalExit } from './fatal.ts';
import { flagWords } from './flag-words.ts';
import { createProgram } from './program.ts';
import { splitWords } from './split-words.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** What to do after a refused or failed request. */
function nextStep(status: number, message: string): string | undefined {
  switch (status) {
    case 0:
      if (/certificate/i.test(message)) return 'trust it with --server-crt FILE, or do not check it with --insecure';
      return 'is the server running? `plumb up` starts one, --server names another';
    case 401:
      return 'log in again: plumb relogin, or plumb login <server>';
    case 403:
      if (/sync window/.test(message)) return '`plumb proj windows list <project>` shows when syncs are allowed';
      if (/permission denied: \S+, \S+, /.test(message))
        return 'argocd-rbac-cm and the roles of the project give rights';
      return '`plumb app list` shows what you can see';
    default:
      return undefined;
  }
}

async function tell(error: unknown, terminal: Terminal): Promise<number> {
  const { dim, red } = await import('./output/paint.ts');
  const say = (message: string, next?: string): void => {
    terminal.err(`${red('error:')} ${message}\n`);
    if (next) terminal.err(`${dim('next:')}  ${next}\n`);
  };
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof Fatal) {
    say(error.message, error.next);
    return error.exitCode;
  }
  // Only a command that talked to a server can fail this way; then the protocol is loaded already.
  if (error instanceof Error && error.name === 'ApiError' && 'status' in error) {
    const message = error.message.replace(/; if the root CA is installed locally.*/, '');
    say(message, nextStep(Number(error.status), error.message));
    return fatalExit;
  }
  const { errorMessage } = await import('@plumbline/errors');
  say(errorMessage(error));
  return fatalExit;
}

/** Runs `plumb` with its arguments and says how it ended, as an exit code. */
export async function runCli(args: string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    const options = splitWords(variable('OPTS') ?? '');
    const words = [...options, ...args];
    const program = await createProgram(terminal, words);
    await program.parseAsync(flagWords(program, words), { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return tell(error, terminal);
  } finally {
    await endAll();
  }
}
