import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeClient } from '@plumbline/cluster';
import { createLogger, createMetrics, type Logger } from '@plumbline/telemetry';
import { type DataFolder, takeDataFolder } from './data-folder.ts';
import { startLocalParts } from './local-parts.ts';
import { type ResolvedUpOptions, resolveOptions, type UpOptions } from './options.ts';
import { checkPort, checkRedis, openCluster } from './preflight.ts';
import { type ReadyFile, writeReadyFile } from './ready-file.ts';
import { startServices } from './start-services.ts';
import { type Ending, untilSignal } from './until-signal.ts';

/** A running installation. */
export interface Installation {
  /** As it is now: the repo-server may have been started again. */
  readonly ready: ReadyFile;
  /** For the installation's own needs (the demo). */
  readonly client: KubeClient;
  stop(): Promise<void>;
}

/** Free bytes in the data folder that a start asks for: etcd takes 128 MiB at once. */
const neededBytes = { embedded: 256 * 2 ** 20, external: 16 * 2 ** 20 };

/**
 * Starts every service in this process, but for the repo-server, which has one of its own; Redis and the control plane
 * as far as they are not given. Resolves when all is ready and the ready file is written. Where anything fails, or the
 * signal aborts, everything is stopped before the error is thrown.
 */
export async function startInstallation(options: UpOptions, signal: AbortSignal): Promise<Installation> {
  const resolved = resolveOptions(options);
  await checkPort(resolved.port);
  const needed = resolved.kubeconfig ? neededBytes.external : neededBytes.embedded;
  const logFile = join(resolved.dataDir, 'logs', 'plumb.log');
  const dataFolder = await takeDataFolder(resolved.dataDir, needed, signal);
  const logger = await openLog(logFile).catch(async (error: unknown) => {
    await dataFolder.release();
    throw error;
  });
  const stops: (() => Promise<void>)[] = [() => dataFolder.release()];
  const stop = async () => {
    for (const end of stops.splice(0).reverse())
      await end().catch((error: unknown) => logger.warn('a part did not stop cleanly', { error }));
  };
  try {
    const started = await start({ resolved, logger, dataFolder, signal, onStop: (end) => stops.push(end) });
    return {
      get ready() {
        return started.ready();
      },
      client: started.client,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openLog(file: string): Promise<Logger> {
  return createLogger({ service: 'plumb', file });
}

interface Start {
  resolved: ResolvedUpOptions;
  logger: Logger;
  dataFolder: DataFolder;
  signal: AbortSignal;
  onStop(stop: () => Promise<void>): void;
}

/** What is given is tried first: it fails sooner than tools are built. */
async function start(parts: Start): Promise<{ client: KubeClient; ready(): ReadyFile }> {
  const { resolved, logger, dataFolder, signal, onStop } = parts;
  const { kubeconfig, context, redis, readyFile } = resolved;
  const metrics = createMetrics();
  if (readyFile) await rm(readyFile, { force: true });
  const open = async (path: string): Promise<KubeClient> => {
    const access = { kind: 'kubeconfig' as const, path, ...(context ? { context } : {}) };
    const opened = await openCluster(access, { logger, metrics, signal });
    onStop(() => opened.close());
    return opened;
  };
  if (redis) await checkRedis(redis, signal);
  const given = kubeconfig ? await open(kubeconfig) : undefined;
  const local = await startLocalParts(resolved, signal);
  onStop(() => local.stop());
  const client = given ?? (await open(local.kubeconfig));
  const tell = queued(async (ready: ReadyFile) => {
    await dataFolder.note(ready.pids.engine.filter((pid) => pid !== process.pid));
    if (readyFile) await writeReadyFile(readyFile, ready);
  });
  let ready: () => ReadyFile;
  const onChange = () =>
    void tell(ready()).catch((error: unknown) => logger.warn('the ready file cannot be written', { error }));
  ready = await startServices({ resolved, logger, metrics, local, client, signal, onStop, onChange });
  await tell(ready());
  return { client, ready };
}

/** Runs the calls one after the other. */
function queued<T>(action: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let last = Promise.resolve();
  return (value) => {
    const next = last.then(() => action(value));
    last = next.catch(() => {});
    return next;
  };
}

/**
 * {@link startInstallation} until SIGINT or SIGTERM. Undefined where that comes before all is ready; the exit code says
 * so then.
 */
export async function startUnlessEnded(options: UpOptions, ended: Ending): Promise<Installation | undefined> {
  void ended.promise.then(() => resolveOptions(options).say('stopping'));
  try {
    return await startInstallation(options, ended.signal);
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    process.exitCode = ended.exitCode();
    return undefined;
  }
}

/** `plumb up`: runs until SIGINT or SIGTERM, then stops everything in order. */
export async function up(options: UpOptions): Promise<void> {
  const { say } = resolveOptions(options);
  const ended = untilSignal();
  const installation = await startUnlessEnded(options, ended);
  if (!installation) return;
  const { url, adminPassword, kubeconfig } = installation.ready;
  say(`Plumbline is ready at ${url}`);
  say(`  log in      plumb login ${url} --username admin${adminPassword ? ` --password ${adminPassword}` : ''}`);
  say(`  kubectl     kubectl --kubeconfig ${kubeconfig} get applications -A`);
  await ended.promise;
  await installation.stop();
}
