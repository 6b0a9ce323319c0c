import { LRUCache } from 'lru-cache';
import type { Proof } from './check-signature.ts';

const proofs = 100_000;
const histories = 50_000;
/** A key can expire while its signatures are remembered as good; after this time (ms) histories are walked again. */
const historyTtlMs = 10 * 60_000;

/** What was checked before. Entries are by key ring, so that another ring finds nothing. */
export interface SignatureCache {
  /** By ring and object. */
  proofs: LRUCache<string, Proof>;
  /** Commits of which the whole history was found good, by ring, policy and commit. */
  histories: LRUCache<string, true>;
}

export function createSignatureCache(): SignatureCache {
  return {
    proofs: new LRUCache({ max: proofs }),
    histories: new LRUCache({ max: histories, ttl: historyTtlMs }),
  };
}
