import { readdir, readFile } from 'node:fs/promises';

/** Every process that a run starts carries its mark here, however it detaches itself. */
export const markVariable = 'PLUMB_PLUGIN_RUN';

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

async function carries(pid: string, entry: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(entry);
}

async function marked(entry: string): Promise<number[]> {
  const names = await readdir('/proc').catch((): string[] => []);
  const found: number[] = [];
  for (const name of names) {
    if (/^\d+$/.test(name) && Number(name) !== process.pid && (await carries(name, entry))) found.push(Number(name));
  }
  return found;
}

/** Rounds: what is killed may have started another process just before. */
const rounds = 5;

/**
 * Kills the process group and all processes that carry the mark. Where there is no `/proc`, the group only.
 *
 * @param group id of the group; the leader may have ended.
 */
export async function endLeftovers(group: number, mark: string): Promise<void> {
  kill(-group);
  for (let round = 0; round < rounds; round += 1) {
    const pids = await marked(`${markVariable}=${mark}`);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
  }
}
