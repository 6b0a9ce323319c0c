import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { type ClusterAccess, connect, type KubeClient } from '@plumbline/cluster';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { createStore } from '@plumbline/store';
import { type Logger, type Metrics, silentLogger } from '@plumbline/telemetry';
import { unlessAborted } from './unless-aborted.ts';

const clusterLimitMs = 8_000;
const redisLimitMs = 5_000;

/** Throws `STANDALONE_PORT` where the loopback port is taken; 0 always passes. */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `the REST API cannot listen on 127.0.0.1:${port}: ${cause.message}`;
      const hint = 'name another port with --port (0 takes a free one), or stop what uses this one';
      reject(new PlumblineError('STANDALONE_PORT', message, { cause, hint }));
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve()));
  });
}

/** Connects within eight seconds. Throws `STANDALONE_CLUSTER` with the reason. */
export async function openCluster(
  access: ClusterAccess & { kind: 'kubeconfig' },
  { logger, metrics, signal }: { logger: Logger; metrics: Metrics; signal: AbortSignal },
): Promise<KubeClient> {
  const limit = AbortSignal.timeout(clusterLimitMs);
  try {
    const connecting = connect(access, { logger, metrics });
    return await unlessAborted(connecting, AbortSignal.any([signal, limit]), (client) => client.close());
  } catch (cause) {
    signal.throwIfAborted();
    const reason = limit.aborted ? `it does not answer within ${clusterLimitMs / 1000} s` : errorMessage(cause);
    throw new PlumblineError('STANDALONE_CLUSTER', `the cluster of ${access.path} cannot be used: ${reason}`, {
      cause,
      hint: 'check it with kubectl --kubeconfig; without --kubeconfig an embedded control plane is started',
    });
  }
}

/** Whether Redis answers within five seconds. Throws `STANDALONE_REDIS` with the reason. */
export async function checkRedis(redisUrl: string, signal: AbortSignal): Promise<void> {
  const url = URL.canParse(redisUrl) ? new URL(redisUrl) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol))
    throw redisError('of --redis', 'its URL must begin with redis:// or rediss://');
  let reason = `it does not answer within ${redisLimitMs / 1000} s`;
  const logger: Logger = {
    ...silentLogger,
    warn: (_message, fields) => {
      reason = errorMessage(fields?.['error']);
    },
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(redisLimitMs)]);
  const connecting = createStore({ redisUrl, sealKey: randomBytes(32), logger });
  try {
    await (await unlessAborted(connecting, limit, (store) => store.close())).close();
  } catch {
    signal.throwIfAborted();
    throw redisError(`at ${url.host}`, reason);
  }
}

function redisError(name: string, reason: string): PlumblineError {
  return new PlumblineError('STANDALONE_REDIS', `the Redis ${name} cannot be used: ${reason}`, {
    hint: 'check address and password; without --redis one is started',
  });
}
