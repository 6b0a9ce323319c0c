import { parseJson, stringifyJson } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import type { Redis } from 'ioredis';
import type { RedisCalls } from './redis-calls.ts';
import type { PubSub } from './types.ts';

type Listener = (message: unknown) => void;

interface PubSubParts {
  redis: Redis;
  /** Opens the connection of the subscriber; called at the first subscription. */
  openSubscriber(): Redis;
  calls: RedisCalls;
  prefix: string;
  logger: Logger;
}

interface Message {
  channel: string;
  text: string;
}

/** A listener that throws keeps nothing from the others. */
function deliver({ channel, text }: Message, listeners: Iterable<Listener>, logger: Logger): void {
  for (const listener of listeners) {
    try {
      listener(parseJson(text));
    } catch (error) {
      logger.warn('message could not be handled', { channel, error });
    }
  }
}

/**
 * {@link PubSub} over Redis. Subscriptions come back by themselves after a lost connection; messages sent meanwhile are
 * lost, so that a listener must also look for itself now and then.
 */
export function createPubSub({ redis, openSubscriber, calls, prefix, logger }: PubSubParts): PubSub {
  const listeners = new Map<string, Set<Listener>>();
  let subscriber: Redis | undefined;
  const nameOf = (channel: string) => `${prefix}:channel:${channel}`;

  const connection = () => {
    if (subscriber) return subscriber;
    subscriber = openSubscriber();
    subscriber.on('message', (channel, text) => deliver({ channel, text }, listeners.get(channel) ?? [], logger));
    return subscriber;
  };

  const leave = async (name: string, listener: Listener) => {
    const others = listeners.get(name);
    if (!others?.delete(listener) || others.size > 0) return;
    listeners.delete(name);
    await calls.run('unsubscribe', () => connection().unsubscribe(name));
  };

  return {
    async publish(channel, message) {
      await calls.run('publish', () => redis.publish(nameOf(channel), stringifyJson(message)));
    },
    async subscribe(channel, listener) {
      const name = nameOf(channel);
      const own: Listener = (message) => listener(message);
      listeners.set(name, (listeners.get(name) ?? new Set()).add(own));
      try {
        await calls.run('subscribe', () => connection().subscribe(name));
      } catch (error) {
        listeners.get(name)?.delete(own);
        throw error;
      }
      return () => leave(name, own);
    },
  };
}
