import { join, resolve } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { createGuardian, type Guardian } from '../processes/guardian.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';
import { withFreePort } from '../processes/ports.ts';
import { apiRequests } from './api-request.ts';
import {
  type ControlPlaneTools,
  type StartContext,
  startApiServer,
  startControllers,
  startEtcd,
} from './components.ts';
import type { Credentials } from './credentials.ts';
import { claimFolder, releaseFolder } from './folder-claim.ts';
import { kubeconfigFiles, lastPort, prepareFolder, serverUrl, writeKubeconfigs } from './prepare-folder.ts';

/** Steps of a start, in order; `seconds` since the start began. */
export interface StartProgress {
  step: 'etcd' | 'kube-apiserver' | 'controllers' | 'ready';
  seconds: number;
}

export interface ControlPlaneOptions {
  /** Data, keys, kubeconfigs and logs. Starting over an existing folder keeps data and credentials. */
  folder: string;
  /** From `ensureTools`. */
  tools: ControlPlaneTools;
  /** Default: one of its own. */
  guardian?: Guardian;
  onProgress?: (progress: StartProgress) => void;
  /** A process has ended that nobody stopped. The rest keeps running until `stop()`. */
  onLost?: (error: PlumblineError) => void;
  /** Told of lost processes too. */
  logger?: { error(message: string, fields?: Record<string, unknown>): void };
  /** Aborting breaks off the start. */
  signal?: AbortSignal;
}

/** A running Kubernetes control plane with one simulated node. */
export interface ControlPlane extends AsyncDisposable {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  readonly folder: string;
  /** etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok. */
  readonly pids: readonly number[];
  /** Stops in the reverse order of the start. Data stays in the folder. Can be called again. */
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok. Resolves when `/readyz` is ok, the
 * default service account exists and pods can be scheduled. Throws `EMBEDDED_START_FAILED` with the end of the log of
 * the process that failed, or `EMBEDDED_FOLDER_IN_USE`; nothing keeps running after an error.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = resolve(options.folder);
  const credentials = await prepareFolder(folder, options.signal);
  const guardian = options.guardian ?? createGuardian();
  const context: StartContext = { folder, tools: options.tools, guardian, signal: options.signal, started: [] };
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopProcesses(context.started).then(async () => {
      if (!options.guardian) guardian.close();
      await releaseFolder(folder);
    });
    return stopping;
  };
  try {
    const port = await startProcesses(context, credentials, options.onProgress);
    reportLosses(context.started, (error) => {
      if (stopping) return;
      options.logger?.error('a process of the control plane has ended', { error });
      options.onLost?.(error);
    });
    return {
      kubeconfig: join(folder, kubeconfigFiles.admin),
      server: serverUrl(port),
      folder,
      pids: context.started.map(({ pid }) => pid),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns the port of the API server. */
async function startProcesses(
  context: StartContext,
  credentials: Credentials,
  onProgress: ControlPlaneOptions['onProgress'],
): Promise<number> {
  const began = performance.now();
  const tell = (step: StartProgress['step']) => onProgress?.({ step, seconds: (performance.now() - began) / 1000 });
  const { folder, signal } = context;
  const requests = (port: number) => apiRequests(serverUrl(port), credentials, signal);
  const claim = () =>
    claimFolder(
      folder,
      context.started.map(({ pid }) => pid),
    );
  tell('etcd');
  await startEtcd(context);
  await claim();
  tell('kube-apiserver');
  const port = await withFreePort(
    async (candidate) => {
      context.started = context.started.filter(({ running }) => running);
      await startApiServer(context, candidate, requests(candidate));
      return candidate;
    },
    await lastPort(folder),
  );
  await writeKubeconfigs(folder, port, credentials);
  tell('controllers');
  await startControllers(context, requests(port));
  await claim();
  tell('ready');
  return port;
}

/** Milliseconds from TERM to KILL. etcd may be killed at any time: its log is in the page cache by then. */
const grace: Record<string, number> = { 'kube-apiserver': 2_000, etcd: 300 };
const defaultGrace = 1_000;

/** The clients of the API server first, then it, then etcd. */
async function stopProcesses(started: readonly ManagedProcess[]): Promise<void> {
  const stop = (server: ManagedProcess) => server.stop(grace[server.name] ?? defaultGrace);
  const servers = started.filter(({ name }) => name in grace);
  await Promise.all(started.filter((server) => !servers.includes(server)).map(stop));
  for (const server of servers.toReversed()) await stop(server);
}

function reportLosses(started: readonly ManagedProcess[], report: (error: PlumblineError) => void): void {
  for (const server of started) {
    void server.ended.then(async (how) => {
      const log = await server.logTail();
      const message = `${server.name} ${how}; its log ends with:\n${log}`;
      report(new PlumblineError('EMBEDDED_PROCESS_LOST', message, { details: { process: server.name } }));
    });
  }
}
