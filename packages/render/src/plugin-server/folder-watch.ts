import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Removes the folder when its standard input ends; a command that still writes there may need a few rounds. */
const script = `cat > /dev/null
for round in 1 2 3 4 5; do
  [ -e "$1" ] || exit 0
  chmod -R u+w "$1" 2> /dev/null
  rm -rf "$1" 2> /dev/null
  sleep 1
done`;

/**
 * Has a folder removed when this process ends in whatever way, also by SIGKILL: a shell waits for the end of a pipe that only this
 * process holds. Where there is no shell, nothing is watched.
 *
 * @returns ends the watch; the folder, if it is still there, is removed.
 */
export function watchFolder(path: string): () => void {
  const watcher = spawn('sh', ['-c', script, 'sh', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  // The pipe alone would keep the process alive.
  if (watcher.stdin instanceof Socket) watcher.stdin.unref();
  return () => watcher.stdin.end();
}
