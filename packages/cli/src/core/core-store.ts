import { connect as connectSocket } from 'node:net';
import type { KubeClient } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { createStore, type Store, type WorkQueue } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { readSecret } from './read-secret.ts';

/** The Secret in which `plumb up` says where its Redis is. */
const secretName = 'plumbline-redis';
const patienceMs = 1_000;

function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connectSocket({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 6379),
    timeout: patienceMs,
  });
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  socket.once('timeout', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** What can be had without Redis: nothing is remembered, and the controller cannot be asked. */
function withoutRedis(why: string): Store {
  const call = async (): Promise<never> => {
    throw new PlumblineError('CORE_NO_REDIS', `the controller cannot be asked without its Redis: ${why}`, {
      hint: 'name it with PLUMB_REDIS_URL, or use a server in place of --core',
    });
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    queue: <Request, Result>(): WorkQueue<Request, Result> => ({ call, close: nothing }),
    worker: () => ({ close: nothing }),
    sealed: { get: async () => undefined, set: nothing, has: async () => false, delete: nothing },
    json: { get: async () => undefined, set: nothing, delete: nothing },
    counters: { increment: async () => 0, get: async () => 0, delete: nothing },
    pubsub: { publish: nothing, subscribe: async () => nothing },
    ping: nothing,
    close: nothing,
  };
}

/**
 * The Redis over which the controller is asked: that of `PLUMB_REDIS_URL`, else the one that `plumb up` names in the control
 * plane. Without one, what needs no controller works all the same.
 */
export async function coreStore(
  client: KubeClient,
  { namespace, sealKey }: { namespace: string; sealKey: Buffer },
): Promise<Store> {
  const redisUrl =
    process.env['PLUMB_REDIS_URL'] || (await readSecret(client, { namespace, name: secretName }))?.['url'];
  if (!redisUrl) return withoutRedis(`there is no Secret ${namespace}/${secretName}`);
  if (!(await answers(redisUrl))) return withoutRedis('it does not answer');
  return createStore({ redisUrl, sealKey, logger: silentLogger, initiator: 'cli' });
}
