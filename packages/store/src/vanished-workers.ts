import type { Logger } from '@plumbline/telemetry';
import type { Redis } from 'ioredis';

/** How often is looked … */
const lookMs = 1_000;
/** … and how often a worker must be missing: connections that were cut come back within 2 s. */
const looksMissing = 3;
const presence = 'plumbline-worker-';

/** Deletes a lock that still is of the same owner. */
const deleteIfSame = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

interface VanishedWorkersParts {
  /** Names this worker's locks: a token is `<id>:<number>`. */
  id: string;
  /** Of the queue: the list of what is being worked on, and the lock of one entry. */
  activeKey: string;
  lockKey(entry: string): string;
  redis: Redis;
  logger: Logger;
}

/**
 * Frees what workers hold that are gone. A worker shows that it is there by a connection with its name, which Redis closes
 * when the process ends, however it ends: that is known at once, while a lock has to outlast a worker that is busy. Where
 * Redis does not tell its clients, or a machine vanishes, the lock runs out in its time.
 */
export class VanishedWorkers {
  readonly #parts: VanishedWorkersParts;
  readonly #presence: Redis;
  readonly #timer: NodeJS.Timeout;
  /** How often in a row a worker was missing. */
  #missing = new Map<string, number>();
  #looking = false;

  constructor(parts: VanishedWorkersParts) {
    this.#parts = parts;
    this.#presence = parts.redis.duplicate({ connectionName: `${presence}${parts.id}` });
    // The worker's own connection tells of errors.
    this.#presence.on('error', () => undefined);
    this.#timer = setInterval(() => void this.#tryLook(), lookMs).unref();
  }

  /** Resolves when others can see this worker: before that it must not take anything. */
  async shown(): Promise<void> {
    if (this.#presence.status === 'ready') return;
    await new Promise((resolve) => this.#presence.once('ready', resolve));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#presence.disconnect();
  }

  async #tryLook(): Promise<void> {
    if (this.#looking || this.#parts.redis.status !== 'ready') return;
    this.#looking = true;
    try {
      await this.#look();
    } catch (error) {
      this.#parts.logger.debug('vanished workers cannot be looked for', { error });
    } finally {
      this.#looking = false;
    }
  }

  async #look(): Promise<void> {
    const { redis, id, activeKey, lockKey } = this.#parts;
    const locks = (await redis.lrange(activeKey, 0, -1)).map(lockKey);
    const tokens = locks.length > 0 ? await redis.mget(locks) : [];
    const held = tokens.flatMap((token, index) => {
      const key = locks[index];
      const owner = token?.split(':')[0];
      return token && key && owner && owner !== id ? [{ key, token, owner }] : [];
    });
    const missing = new Map<string, number>();
    if (held.length > 0) {
      const clients = String(await redis.client('LIST'));
      for (const owner of new Set(held.map((lock) => lock.owner))) {
        if (!clients.includes(`name=${presence}${owner}`)) missing.set(owner, (this.#missing.get(owner) ?? 0) + 1);
      }
    }
    this.#missing = missing;
    for (const { key, token, owner } of held) {
      if ((missing.get(owner) ?? 0) >= looksMissing) await redis.eval(deleteIfSame, 1, key, token);
    }
  }
}
