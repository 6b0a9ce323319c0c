import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startTimeOf } from '@plumbline/embedded-cluster';
import { PlumblineError } from '@plumbline/errors';

interface Identity {
  pid: number;
  startTime: string;
}

/** What the lock file holds: who works in the folder, and the processes that it has started for it. */
interface Holder extends Identity {
  started: Identity[];
}

/** The data folder, taken for this process. */
export interface DataFolder {
  /** Names the processes that must have ended before another start may use the folder. */
  note(pids: readonly number[]): Promise<void>;
  release(): Promise<void>;
}

const fileName = 'plumb.lock';
/** The guardian of a killed run takes two seconds. */
const leftoverMs = 8_000;

/**
 * Makes the folder and takes it: one `plumb up` at a time works in it. What a killed run has left is waited for.
 * Throws `STANDALONE_DATA_FOLDER_IN_USE`, or `STANDALONE_DATA_FOLDER` where the folder cannot be written or is full.
 */
export async function takeDataFolder(folder: string, neededBytes: number, signal: AbortSignal): Promise<DataFolder> {
  const file = join(folder, fileName);
  try {
    await mkdir(folder, { recursive: true });
    await checkSpace(folder, neededBytes);
    while (!(await take(file))) await endOfHolder(folder, signal);
  } catch (error) {
    throw folderError(folder, error);
  }
  return {
    note: (pids) => replace(file, { ...identity(process.pid), started: pids.map(identity) }),
    release: () => rm(file, { force: true }),
  };
}

function identity(pid: number): Identity {
  return { pid, startTime: startTimeOf(pid) ?? 'gone' };
}

async function writeDraft(file: string, holder: Holder): Promise<string> {
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  return draft;
}

async function replace(file: string, holder: Holder): Promise<void> {
  await rename(await writeDraft(file, holder), file);
}

/** Whether the file was made now, whole and by us alone. */
async function take(file: string): Promise<boolean> {
  const draft = await writeDraft(file, { ...identity(process.pid), started: [] });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Throws where the holder runs; else waits for what it has started and removes its lock. */
async function endOfHolder(folder: string, signal: AbortSignal): Promise<void> {
  const file = join(folder, fileName);
  const text = await readFile(file, 'utf8').catch(() => '');
  const holder = parsed(text);
  const runs = ({ pid, startTime }: Identity) => isRunning(pid, startTime);
  if (holder && runs(holder)) throw inUse(folder, holder.pid);
  const deadline = performance.now() + leftoverMs;
  for (;;) {
    const left = holder?.started.find(runs);
    if (!left) break;
    if (performance.now() > deadline) throw inUse(folder, left.pid);
    await sleep(50, undefined, { signal });
  }
  // Another start may have replaced it meanwhile: that one is left alone.
  if ((await readFile(file, 'utf8').catch(() => '')) === text) await rm(file, { force: true });
}

function parsed(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

async function checkSpace(folder: string, neededBytes: number): Promise<void> {
  const { blocks, bavail, bsize } = await statfs(folder);
  if (blocks === 0 || bavail * bsize >= neededBytes) return;
  const [free, needed] = [bavail * bsize, neededBytes].map((bytes) => `${Math.floor(bytes / 2 ** 20)} MiB`);
  throw new PlumblineError('STANDALONE_DATA_FOLDER', `the disk of the data folder ${folder} has only ${free} free`, {
    hint: `make room for at least ${needed}, or name another folder with --data-dir`,
  });
}

function inUse(folder: string, pid: number): PlumblineError {
  return new PlumblineError(
    'STANDALONE_DATA_FOLDER_IN_USE',
    `another plumb already runs on the data folder ${folder} (process ${pid})`,
    { retry: 'waiting', hint: `stop it with kill ${pid}, or name another folder with --data-dir` },
  );
}

const words: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function folderError(folder: string, error: unknown): unknown {
  const reason = words[codeOf(error)];
  if (reason === undefined) return error;
  return new PlumblineError('STANDALONE_DATA_FOLDER', `the data folder ${folder} cannot be used: ${reason}`, {
    cause: error,
    hint: 'repair it, or name another folder with --data-dir',
  });
}
