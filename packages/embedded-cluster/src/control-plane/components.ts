import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guardian } from '../processes/guardian.ts';
import { startIndependentProcess } from '../processes/independent-process.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';
import { waitUntil } from '../processes/wait-until.ts';
import type { ToolName } from '../tools/catalog.ts';
import type { ApiRequest } from './api-request.ts';
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  etcdSockets,
  kwokArguments,
  schedulerArguments,
} from './arguments.ts';
import { ensureNode, nodeIsReady } from './node.ts';

/** The tools of {@link ToolName} that a control plane runs on. */
export type ControlPlaneTool = Extract<
  ToolName,
  'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok' | 'kwok-stages'
>;

export type ControlPlaneTools = Readonly<Record<ControlPlaneTool, string>>;

/** What the start of each component needs. `started` gathers the processes in the order of their start. */
export interface StartContext {
  folder: string;
  tools: ControlPlaneTools;
  guardian: Guardian;
  signal: AbortSignal | undefined;
  started: ManagedProcess[];
}

const startTimeoutMs = 60_000;

export async function startEtcd(context: StartContext): Promise<ManagedProcess> {
  const sockets = etcdSockets.map((name) => join(context.folder, name));
  await Promise.all(sockets.map((socket) => rm(socket, { force: true })));
  const etcd = await launch(context, 'etcd', etcdArguments());
  await waitUntil(async () => sockets.every((socket) => existsSync(socket)), {
    ...waiting(context, etcd, 'open its socket'),
    intervalMs: 20,
  });
  return etcd;
}

/** Starts the API server and waits for its `/readyz`, which covers etcd and the roles that the others need. */
export async function startApiServer(context: StartContext, port: number, request: ApiRequest): Promise<void> {
  const server = await launch(context, 'kube-apiserver', apiServerArguments(port));
  await waitUntil(
    async () => (await request('GET', '/readyz')).status === 200,
    waiting(context, server, 'become ready'),
  );
}

/** Starts the three clients of the API server, which get ready side by side, and waits until pods can run. */
export async function startControllers(context: StartContext, request: ApiRequest): Promise<void> {
  const manager = await launch(context, 'kube-controller-manager', controllerManagerArguments());
  await launch(context, 'kube-scheduler', schedulerArguments());
  const kwok = await launch(context, 'kwok', kwokArguments(context.tools['kwok-stages']));
  await Promise.all([
    waitUntil(() => defaultAccountExists(request), waiting(context, manager, 'make the default service account')),
    waitUntil(() => ensureNode(request), waiting(context, kwok, 'get its node')).then(() =>
      waitUntil(() => nodeIsReady(request), waiting(context, kwok, 'make the node ready')),
    ),
  ]);
}

async function defaultAccountExists(request: ApiRequest): Promise<boolean> {
  return (await request('GET', '/api/v1/namespaces/default/serviceaccounts/default')).status === 200;
}

async function launch(
  context: StartContext,
  name: Exclude<ControlPlaneTool, 'kwok-stages'>,
  args: readonly string[],
): Promise<ManagedProcess> {
  const { folder, tools, guardian } = context;
  const logFile = join(folder, 'logs', `${name}.log`);
  const started = await startIndependentProcess({ name, command: tools[name], args, cwd: folder, logFile, guardian });
  context.started.push(started);
  return started;
}

/** The end of any process that runs already ends the wait: a dead etcd is why the API server does not become ready. */
function waiting(context: StartContext, process: ManagedProcess, what: string) {
  const dependencies = context.started.filter((other) => other !== process);
  return { process, dependencies, what, timeoutMs: startTimeoutMs, signal: context.signal };
}
