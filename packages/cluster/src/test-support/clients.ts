import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { sharedControlPlane } from '@plumbline/testing';
import { kubeconfigEndpoint } from '../access/kubeconfig.ts';
import { type ConnectOptions, connect } from '../client.ts';
import type { ClusterAccess, KubeClient } from '../types.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type Relay, startRelay } from './relay.ts';

const logger = silentLogger;

/** A client of the shared control plane. */
export async function sharedClient(options: Partial<ConnectOptions> = {}): Promise<KubeClient> {
  const { kubeconfig } = await sharedControlPlane();
  return connect({ kind: 'kubeconfig', path: kubeconfig }, { logger, ...options });
}

/** A client that reaches the shared control plane through a relay. */
export async function relayedClient(
  options: Partial<ConnectOptions> = {},
): Promise<AsyncDisposable & { client: KubeClient; relay: Relay }> {
  const { kubeconfig, server } = await sharedControlPlane();
  const { hostname, port } = new URL(server);
  const relay = await startRelay({ host: hostname, port: Number(port) });
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-cluster-'));
  const path = join(folder, 'kubeconfig');
  await writeFile(path, (await readFile(kubeconfig, 'utf8')).replaceAll(server, `https://${hostname}:${relay.port}`));
  const client = await connect({ kind: 'kubeconfig', path }, { logger, ...options });
  return {
    client,
    relay,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await relay[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** A client that reaches the shared control plane through a proxy that injects faults. */
export async function faultyClient(
  options: Partial<ConnectOptions> & { headers?: Record<string, string> } = {},
): Promise<AsyncDisposable & { client: KubeClient; proxy: FaultProxy }> {
  const { kubeconfig } = await sharedControlPlane();
  const proxy = await startFaultProxy(await kubeconfigEndpoint({ path: kubeconfig }));
  proxy.headers = options.headers ?? {};
  const access: ClusterAccess = { kind: 'secret', name: 'faulty', server: proxy.url, config: {} };
  const client = await connect(access, { logger, ...options });
  return {
    client,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** A ConfigMap in a namespace. */
export function configMapIn(
  namespace: string,
  name: string,
  data: Record<string, string> = { key: 'value' },
): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}
