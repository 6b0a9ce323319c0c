import { spawn } from 'node:child_process';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Guardian } from '@plumbline/embedded-cluster';
import { eventually } from '@plumbline/testing';
import type { ReadyFile } from '../ready-file.ts';

const plumbMain = resolve(import.meta.dirname, '../../../cli/src/main.ts');

interface PlumbUpOptions {
  dataDir: string;
  guardian: Guardian;
  /** Beside `--data-dir`, `--port 0` and `--ready-file`. */
  args?: readonly string[];
  env?: Record<string, string>;
}

/** A `plumb up` in a process of its own. */
export interface PlumbUp {
  readonly pid: number;
  /** All that it has printed. */
  output(): string;
  /** Its exit code, null where a signal ended it. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** Waits for the ready file. */
  ready(): Promise<ReadyFile>;
  /** The ready file as it is now. */
  readyFile(): Promise<ReadyFile>;
}

/** Starts `plumb up`; the guardian ends it with the tests. */
export async function plumbUp({ dataDir, guardian, args = [], env = {} }: PlumbUpOptions): Promise<PlumbUp> {
  const file = join(dataDir, '..', `ready-${process.hrtime.bigint()}.json`);
  const words = [plumbMain, 'up', '--data-dir', dataDir, '--port', '0', '--ready-file', file, ...args];
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, words, { stdio, detached: true, env: { ...process.env, ...env } });
  const { pid } = child;
  if (pid === undefined) throw new Error('plumb up does not start');
  guardian.watch(pid);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
  const exited = new Promise<number | null>((done) => child.once('exit', done)).finally(() => {
    guardian.forget(pid);
    return rm(file, { force: true });
  });
  const readyFile = async () => JSON.parse(await readFile(file, 'utf8')) as ReadyFile;
  const failed = exited.then((code) => {
    throw new Error(`plumb up has ended with ${code}:\n${text}`);
  });
  failed.catch(() => {});
  const ready = () =>
    Promise.race([eventually(readyFile, { what: 'the ready file', timeoutMs: 60_000, intervalMs: 50 }), failed]);
  return { pid, output: () => text, exited, kill: (signal) => void child.kill(signal), ready, readyFile };
}

/** Command lines of the processes that work in the folder or for it, by their arguments, environment or working folder. */
export async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = await read(pid, 'cmdline');
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      const texts = [command, cwd, await read(pid, 'environ')];
      return texts.some((text) => text.includes(folder)) ? `${pid} ${command.replaceAll('\0', ' ')}` : undefined;
    }),
  );
  return found.filter((process) => process !== undefined);
}
