import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ControlPlane,
  createGuardian,
  ensureTools,
  type Guardian,
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
  pids: { redis: number[]; controlPlane: readonly number[] };
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

/** Gets the tools, then starts Redis and, without a kubeconfig, the embedded control plane. */
export async function startLocalParts(options: ResolvedUpOptions, signal: AbortSignal): Promise<LocalParts> {
  await mkdir(options.dataDir, { recursive: true });
  const onProgress = (event: ToolProgress) => {
    const line = toolProgressLine(event);
    if (line) options.say(line);
  };
  const guardian = createGuardian();
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
    guardian.close();
  };
  try {
    const tools = await ensureTools({ names: [...engineTools], onProgress, signal });
    const redis = options.redis ? undefined : startRedis({ folder: join(options.dataDir, 'redis'), guardian, signal });
    const plane = options.kubeconfig ? undefined : startPlane(options, { guardian, onProgress, signal });
    const [redisServer, controlPlane] = await Promise.all([redis, plane]);
    if (redisServer) stops.push(() => redisServer.stop());
    if (controlPlane) stops.unshift(() => controlPlane.stop());
    return {
      guardian,
      kubeconfig: controlPlane?.kubeconfig ?? options.kubeconfig ?? '',
      context: options.context,
      redisUrl: redisServer?.url ?? options.redis ?? '',
      tools,
      pids: { redis: redisServer ? [redisServer.pid] : [], controlPlane: controlPlane?.pids ?? [] },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface PlaneContext {
  guardian: Guardian;
  onProgress: (event: ToolProgress) => void;
  signal: AbortSignal;
}

async function startPlane(
  options: ResolvedUpOptions,
  { guardian, onProgress, signal }: PlaneContext,
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
