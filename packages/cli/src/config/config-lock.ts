import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '@plumbline/errors';
import { Fatal } from '../fatal.ts';

/** Longer than servers and identity providers are waited for. */
const staleMs = 180_000;
const everyMs = 50;

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Undefined where the lock was given back meanwhile. */
async function orGone<T>(lock: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new Fatal(`cannot read ${lock}: ${errorMessage(error)}`);
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw new Fatal(`cannot write ${lock}: ${errorMessage(error)}`);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/** Whether nobody will give the lock back: its holder is gone, or holds it for too long. */
async function isLeft(lock: string): Promise<boolean> {
  const [facts, holder] = await Promise.all([orGone(lock, stat(lock)), orGone(lock, readFile(lock, 'utf8'))]);
  if (!facts || holder === undefined) return false;
  return Date.now() - facts.mtimeMs > staleMs || (/^\d+$/.test(holder) && !isRunning(Number(holder)));
}

/** Runs `work` while no other plumb of this user does so with the same configuration file. */
export async function withConfigLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  while (!(await take(lock))) {
    if (await isLeft(lock)) await rm(lock, { force: true });
    else await sleep(everyMs);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
