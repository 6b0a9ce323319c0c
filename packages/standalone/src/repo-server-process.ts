import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Guardian } from '@plumbline/embedded-cluster';
import type { Logger } from '@plumbline/telemetry';

export interface RepoServerProcessOptions {
  env: Record<string, string>;
  guardian: Guardian;
  logger: Logger;
}

export interface RepoServerProcess {
  readonly pid: number;
  readonly metricsUrl: string;
  stop(): Promise<void>;
}

interface ReadyMessage {
  metricsUrl: string;
  pid: number;
}

const restartDelayMs = 500;

/**
 * Runs a repo-server in a process of its own: what a repository makes it do stays there. It is started again when it
 * ends by itself; it ends when this process does.
 */
export async function startRepoServer(options: RepoServerProcessOptions): Promise<RepoServerProcess> {
  const { guardian, logger } = options;
  const entry = join(dirname(createRequire(import.meta.url).resolve('@plumbline/repo-server')), 'main.ts');
  let stopping = false;
  let child: ChildProcess;
  let ready: ReadyMessage;
  const launch = async (): Promise<void> => {
    child = fork(entry, [], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    if (child.pid !== undefined) guardian.watch(child.pid);
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) guardian.forget(child.pid);
      if (stopping) return;
      logger.warn('the repo-server ended and is started again', { code, signal });
      setTimeout(() => void relaunch(), restartDelayMs);
    });
    ready = await firstMessage(child);
  };
  const relaunch = async (): Promise<void> => {
    if (stopping) return;
    await launch().catch((error: unknown) => logger.error('the repo-server does not start', { error }));
  };
  await launch();
  return {
    get pid() {
      return ready.pid;
    },
    get metricsUrl() {
      return ready.metricsUrl;
    },
    stop: async () => {
      stopping = true;
      await endProcess(child);
    },
  };
}

function firstMessage(child: ChildProcess): Promise<ReadyMessage> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as ReadyMessage));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the repo-server ended with ${code} before it was ready`)));
  });
}

const graceMs = 5_000;

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.once('exit', () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
