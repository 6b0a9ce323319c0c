import { applicationApiVersion } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { errorMessage } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import type { Response } from 'express';
import type { User } from '../session/user.ts';
import { type Telling, type ToldCall, toldCalls } from './told-calls.ts';

export interface ApiEventsOptions {
  client: KubeClient;
  /** The control-plane namespace. */
  namespace: string;
  /** uid of the object as it is known now; undefined where it is not. */
  uidOf(telling: Telling): string | undefined;
  logger: Logger;
}

/** Tells what users did as Kubernetes events of the objects that they did it to. */
export interface ApiEvents {
  /** Once the call is answered well, writes its event; nothing waits for it, and one that cannot be written hinders nothing. */
  watch(name: string, call: ToldCall, response: Response): void;
}

const maxMessage = 1024;
/** More that wait for the Kubernetes API are dropped: the audit log has them. */
const maxPending = 100;

/** An {@link ApiEvents} that writes through the client. */
export function createApiEvents({ client, namespace, uidOf, logger }: ApiEventsOptions): ApiEvents {
  let pending = 0;
  let count = 0;
  const write = async (telling: Telling, user: User | undefined, uid: string | undefined): Promise<void> => {
    const { kind, reason, name, text } = telling;
    const place = telling.namespace || namespace;
    const now = new Date();
    const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
    count += 1;
    const unique = `${name}.${now.getTime().toString(16)}a${(count % 4096).toString(16).padStart(3, '0')}`;
    await client.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: unique, namespace: place },
      involvedObject: { apiVersion: applicationApiVersion, kind, name, namespace: place, ...(uid ? { uid } : {}) },
      source: { component: 'argocd-server' },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type: 'Normal',
      reason,
      message: `${user?.username || 'Unknown user'} ${text}`.slice(0, maxMessage),
    });
  };
  return {
    watch(name, call, response) {
      const telling = toldCalls[name as keyof typeof toldCalls]?.(call);
      if (!telling || telling.name === '') return;
      // What is deleted is not known any more afterwards.
      const before = uidOf(telling);
      const user = response.locals['user'] as User | undefined;
      response.once('finish', () => {
        if (response.statusCode >= 300 || pending >= maxPending) return;
        pending += 1;
        write(telling, user, before ?? uidOf(telling))
          .catch((error: unknown) => logger.warn('an event cannot be written', { error: errorMessage(error) }))
          .finally(() => {
            pending -= 1;
          });
      });
    },
  };
}
