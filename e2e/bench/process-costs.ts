import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const ticks = 100;

/** Which processes count: the roots and what they have started, without `except` and what those have started. */
export interface ProcessSet {
  roots: readonly number[];
  except: readonly number[];
}

/** CPU seconds and resident MiB of a set of processes, now. CPU holds that of children that have ended. */
export async function processCosts(set: ProcessSet): Promise<{ cpu: number; memory: number }> {
  const pids = members(await parents(), set);
  const costs = await Promise.all(pids.map(costOf));
  return {
    cpu: costs.reduce((sum, cost) => sum + cost.cpu, 0),
    memory: costs.reduce((sum, cost) => sum + cost.memory, 0),
  };
}

/** The set's processes among those that run, given the parent of each. */
export function members(parents: ReadonlyMap<number, number>, { roots, except }: ProcessSet): number[] {
  const belongs = (pid: number): boolean => {
    if (except.includes(pid)) return false;
    if (roots.includes(pid)) return true;
    const parent = parents.get(pid);
    return parent !== undefined && parent !== pid && belongs(parent);
  };
  return [...parents.keys()].filter(belongs);
}

async function parents(): Promise<Map<number, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => [pid, Number((await statOf(pid))?.[1])] as const));
  return new Map(found.filter(([, parent]) => Number.isInteger(parent)));
}

async function costOf(pid: number): Promise<{ cpu: number; memory: number }> {
  const stat = (await statOf(pid)) ?? [];
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const used = stat.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
  return { cpu: used / ticks, memory: Number(status.match(/^VmRSS:\s+(\d+)/m)?.[1] ?? 0) / 1024 };
}

/** The fields of /proc/<pid>/stat behind the name, which stands in parentheses and may hold any character. */
async function statOf(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}
