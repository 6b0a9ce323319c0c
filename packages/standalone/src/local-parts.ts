import { join } from 'node:path';
import {
  type ControlPlane,
  createGuardian,
  ensureTools,
  type Guardian,
  type RedisServer,
  startControlPlane,
  startRedis,
  type ToolProgress,
  toolProgressLine,
} from '@plumbline/embedded-cluster';
import type { ResolvedUpOptions } from './options.ts';

/** The processes that Plumbline needs beside its own services, and the tools that it runs. */
export interface LocalParts {
  guardian: Guardian;
  kubeconfig: string;
  context: string | undefined;
  redisUrl: string;
  tools: { kustomize: string; helm: string; jsonnet: string; git: string };
  /** As they are at the time of the call: Redis is started again when it ends by itself. */
  pids(): { redis: number[]; controlPlane: readonly number[] };
  /** Called when Redis runs as another process. */
  onRedisRestart(listener: () => void): void;
  stop(): Promise<void>;
}

const engineTools = ['kustomize', 'helm', 'jsonnet', 'git'] as const;
const controlPlaneTools = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kwok-stages',
] as const;

/**
 * Gets the tools, then starts Redis and, without a kubeconfig, the embedded control plane. Where one of them fails the
 * other is broken off too, and nothing keeps running.
 */
export async function startLocalParts(options: ResolvedUpOptions, signal: AbortSignal): Promise<LocalParts> {
  const guardian = createGuardian();
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const restarts = createListeners();
  const stops: (() => Promise<void>)[] = [];
  const starting = async <T extends { stop(): Promise<void> }>(start: Promise<T>): Promise<T> => {
    const part = await start;
    stops.push(() => part.stop());
    return part;
  };
  const stop = async () => {
    await Promise.all(stops.splice(0).map((end) => end()));
    guardian.close();
  };
  const onProgress = progressLines(options);
  const context: StartContext = { guardian, onProgress, signal: either, onRedisRestart: restarts.call };
  const parts: Promise<unknown>[] = [];
  try {
    const tools = await ensureTools({ names: [...engineTools], onProgress, signal });
    const starts = [
      options.redis ? undefined : starting(startOwnRedis(options, context)),
      options.kubeconfig ? undefined : starting(startPlane(options, context)),
    ] as const;
    parts.push(...starts.filter((part) => part !== undefined));
    const [redis, plane] = await Promise.all(starts);
    return {
      guardian,
      tools,
      ...whereaboutsOf(options, { redis, plane }),
      onRedisRestart: restarts.add,
      stop,
    };
  } catch (error) {
    failed.abort();
    await Promise.allSettled(parts);
    await stop();
    throw error;
  }
}

/** Where the own parts are, or those that were given. */
function whereaboutsOf(
  options: ResolvedUpOptions,
  { redis, plane }: { redis: RedisServer | undefined; plane: ControlPlane | undefined },
): Pick<LocalParts, 'kubeconfig' | 'context' | 'redisUrl' | 'pids'> {
  return {
    kubeconfig: plane?.kubeconfig ?? options.kubeconfig ?? '',
    context: options.context,
    redisUrl: redis?.url ?? options.redis ?? '',
    pids: () => ({ redis: redis ? [redis.pid] : [], controlPlane: plane?.pids ?? [] }),
  };
}

function createListeners() {
  const listeners: (() => void)[] = [];
  return {
    add: (listener: () => void): void => void listeners.push(listener),
    call: (): void => {
      for (const listener of listeners) listener();
    },
  };
}

interface StartContext {
  guardian: Guardian;
  onProgress: (event: ToolProgress) => void;
  signal: AbortSignal;
  onRedisRestart(): void;
}

function progressLines({ say }: ResolvedUpOptions): (event: ToolProgress) => void {
  return (event) => {
    const line = toolProgressLine(event);
    if (line) say(line);
  };
}

function startOwnRedis({ dataDir }: ResolvedUpOptions, { guardian, signal, onRedisRestart }: StartContext) {
  return startRedis({ folder: join(dataDir, 'redis'), guardian, signal, onRestart: onRedisRestart });
}

async function startPlane(
  options: ResolvedUpOptions,
  { guardian, onProgress, signal }: StartContext,
): Promise<ControlPlane> {
  const tools = await ensureTools({ names: [...controlPlaneTools], onProgress, signal });
  options.say('starting the Kubernetes control plane');
  return startControlPlane({
    folder: join(options.dataDir, 'control-plane'),
    tools,
    guardian,
    signal,
    onLost: (error) => options.say(`the control plane is damaged: ${error.full}`),
  });
}
