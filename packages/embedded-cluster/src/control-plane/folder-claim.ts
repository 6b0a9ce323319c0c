import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlumblineError } from '@plumbline/errors';
import { isRunning, startTimeOf } from '../processes/process-identity.ts';
import { writePrivate } from './credentials.ts';

interface Claim {
  pid: number;
  startTime: string;
}

const fileName = 'processes.json';
const leftoverMs = 8_000;

/**
 * Waits some seconds for the processes of an earlier run to end (its guardian may be at work right now).
 * Throws `EMBEDDED_FOLDER_IN_USE` where they stay.
 */
export async function waitForFreeFolder(folder: string, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + leftoverMs;
  for (;;) {
    const holder = (await readClaims(folder)).find(({ pid, startTime }) => isRunning(pid, startTime));
    if (!holder) return;
    if (performance.now() > deadline) throw inUse(folder, holder.pid);
    await sleep(50, undefined, { signal });
  }
}

/** Notes which processes work in the folder. */
export async function claimFolder(folder: string, pids: readonly number[]): Promise<void> {
  const claims = pids.map((pid) => ({ pid, startTime: startTimeOf(pid) ?? 'gone' }));
  await writePrivate(join(folder, fileName), JSON.stringify(claims));
}

export async function releaseFolder(folder: string): Promise<void> {
  await rm(join(folder, fileName), { force: true });
}

async function readClaims(folder: string): Promise<Claim[]> {
  try {
    return JSON.parse(await readFile(join(folder, fileName), 'utf8')) as Claim[];
  } catch {
    return [];
  }
}

function inUse(folder: string, pid: number): PlumblineError {
  return new PlumblineError('EMBEDDED_FOLDER_IN_USE', `a control plane already runs in ${folder} (process ${pid})`, {
    retry: 'waiting',
    hint: 'stop it first, or use another folder',
  });
}
