import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startTimeOf } from '../processes/process-identity.ts';

interface BuildLockOptions {
  /** Called once when another process holds the lock. */
  onWait?: () => void;
  signal?: AbortSignal;
}

/**
 * Takes the lock file so that one build runs at a time on a machine, and returns what gives it back. The file names
 * its holder; the lock of a process that is gone is taken over. Two holders would only be slow, never wrong: builds
 * end in an atomic rename.
 */
export async function takeBuildLock(file: string, options: BuildLockOptions = {}): Promise<() => Promise<void>> {
  const token = `${process.pid} ${startTimeOf(process.pid) ?? ''} ${randomUUID()}`;
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, token);
  try {
    for (let waited = false; !(await tryLink(draft, file)); waited = true) {
      if (await removeStale(file)) continue;
      if (!waited) options.onWait?.();
      await sleep(200, undefined, { signal: options.signal });
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await contentOf(file)) === token) await rm(file, { force: true });
  };
}

/** A hard link either makes the whole lock file at once or fails. */
async function tryLink(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(file: string): Promise<boolean> {
  const seen = await contentOf(file);
  if (seen === undefined) return true;
  const [pid, startTime] = seen.split(' ');
  if (isRunning(Number(pid), startTime ?? '')) return false;
  // Moved aside before it is removed: a lock that somebody took meanwhile is put back.
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return true;
  }
  if ((await contentOf(aside)) !== seen) await tryLink(aside, file);
  await rm(aside, { force: true });
  return true;
}

async function contentOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
