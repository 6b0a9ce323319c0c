import { spawn } from 'node:child_process';
import { PlumblineError } from '@plumbline/errors';
import { startTimeOf } from './process-identity.ts';

/** Ends the processes that it was told of when this process is gone, however it ended. */
export interface Guardian {
  /** The guardian's own pid. */
  readonly pid: number;
  watch(pid: number): void;
  /** The process has ended, or is no longer ours. */
  forget(pid: number): void;
  /** Removes the temporary folder (absolute path) when everything that is watched at the end has ended. */
  discard(folder: string): void;
  /** Lets the guardian go; it ends what is still watched. */
  close(): void;
}

/**
 * Reads `+pid start-time`, `-pid` and `/folder` lines. At the end of input it sends TERM to the process groups that are
 * left, KILL two seconds later, and removes the folders. A pid whose start time (field 22 of /proc/<pid>/stat) has changed belongs to somebody else.
 */
const script = `
watched=
same() {
  [ -z "$2" ] && return 0
  line=
  read -r line 2>/dev/null < "/proc/$1/stat" || return 1
  set -- "$1" "$2" \${line##*) }
  [ "$3" != Z ] && [ "\${22}" = "$2" ]
}
signal() {
  for entry in $watched; do
    pid=\${entry%%:*}
    same "$pid" "\${entry#*:}" || continue
    kill -s "$1" -- "-$pid" 2>/dev/null || kill -s "$1" "$pid" 2>/dev/null
  done
}
alive() {
  for entry in $watched; do
    pid=\${entry%%:*}
    kill -0 "$pid" 2>/dev/null && same "$pid" "\${entry#*:}" && return 0
  done
  return 1
}
while IFS= read -r line; do
  case $line in
    /*) set -- "$@" "$line"; continue ;;
  esac
  word=\${line%% *}
  pid=\${word#?}
  rest=
  for entry in $watched; do
    [ "\${entry%%:*}" = "$pid" ] || rest="$rest $entry"
  done
  watched=$rest
  case $line in +*) watched="$watched $pid:\${line#* }" ;; esac
done
signal TERM
for tick in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  alive || break
  sleep 0.1
done
alive && signal KILL && sleep 0.1
[ $# -eq 0 ] || rm -rf -- "$@"
`;

/**
 * Starts the guardian: one small `sh` in a session of its own, whose standard input only this process holds, so that
 * even `kill -9` of this process ends the input. It does not keep the event loop alive.
 */
export function createGuardian(): Guardian {
  const child = spawn('sh', ['-c', script, 'plumbline-guardian'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const { pid, stdin } = child;
  if (pid === undefined) {
    child.once('error', () => {});
    throw new PlumblineError('EMBEDDED_START_FAILED', 'the guardian process (sh) could not be started', {
      hint: 'a POSIX shell named sh must be on PATH',
    });
  }
  child.unref();
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  stdin.on('error', () => {});
  return {
    pid,
    watch: (watched) => void stdin.write(`+${watched} ${startTimeOf(watched) ?? ''}\n`),
    forget: (watched) => void stdin.write(`-${watched}\n`),
    discard: (folder) => void stdin.write(`${folder}\n`),
    close: () => void stdin.end(),
  };
}
