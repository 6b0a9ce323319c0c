import { createHash } from 'node:crypto';
import type { Store } from '@plumbline/store';
import type { Logger } from '@plumbline/telemetry';

/** Tokens that were logged out, known to every API server (reference §8.5). */
export interface Revocations {
  /** `expiresAt`: seconds since 1970, when the token ends by itself; 0 is never. */
  revoke(tokenId: string, expiresAt: number): Promise<void>;
  isRevoked(tokenId: string): Promise<boolean>;
}

export interface RevocationsOptions {
  store: Pick<Store, 'sealed'>;
  logger: Logger;
  now: () => Date;
}

/** How long an answer of Redis is believed. */
const freshMs = 2_000;
const maxKept = 10_000;
const yearSeconds = 365 * 86_400;

const keyOf = (tokenId: string): string => `revoked-token:${createHash('sha256').update(tokenId).digest('hex')}`;

/**
 * Revocations in Redis, and in this process: what is known here stays known when Redis is emptied. While Redis cannot be
 * read, tokens count as not revoked unless this process knows better.
 */
export function createRevocations({ store, logger, now }: RevocationsOptions): Revocations {
  const revoked = new Set<string>();
  const looked = new Map<string, number>();
  const lookUp = async (tokenId: string): Promise<boolean> => {
    try {
      return (await store.sealed.get(keyOf(tokenId))) !== undefined;
    } catch (error) {
      logger.warn('cannot look up revoked tokens in Redis', { error });
      return false;
    }
  };
  return {
    revoke: async (tokenId, expiresAt) => {
      revoked.add(tokenId);
      const left = expiresAt === 0 ? yearSeconds : expiresAt - Math.floor(now().getTime() / 1000);
      if (left > 0) await store.sealed.set(keyOf(tokenId), Buffer.from('revoked'), left);
    },
    isRevoked: async (tokenId) => {
      if (revoked.has(tokenId)) return true;
      const time = now().getTime();
      if (time - (looked.get(tokenId) ?? Number.NEGATIVE_INFINITY) < freshMs) return false;
      if (await lookUp(tokenId)) {
        revoked.add(tokenId);
        return true;
      }
      if (looked.size >= maxKept) looked.clear();
      looked.set(tokenId, time);
      return false;
    },
  };
}
