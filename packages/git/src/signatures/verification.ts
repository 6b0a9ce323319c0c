import type { Mirror } from '../types.ts';
import { problemOf, proofOf, verdictOf } from './check-signature.ts';
import { isNamed, type Keyring } from './keyring.ts';
import { parseSigned, type SignedObject } from './parse-signed.ts';
import type { SignatureCache } from './signature-cache.ts';

/** What must be signed, and by whom. */
export interface SignaturePolicy {
  /** `head`: the annotated tag, else the commit. `strict`: also the commit under the tag, and its history. */
  mode: 'head' | 'strict';
  /** Short ids, long ids or fingerprints of keys, or of the primary keys of those that sign. */
  keys: readonly string[];
}

export interface VerifyOptions {
  keyring: Keyring;
  cache: SignatureCache;
  signal?: AbortSignal;
  /** Default: the present. */
  now?: Date;
}

/** One object that is not signed as it must be. */
export interface SignatureProblem {
  oid: string;
  /** `commit 1234 by 'Name <address>' is not signed` */
  message: string;
}

/** What one verification works with. */
export interface Verification extends VerifyOptions {
  mirror: Pick<Mirror, 'readSigned' | 'shallowCommits' | 'url'>;
  policy: SignaturePolicy;
  now: Date;
}

/** At most this many problems are told. */
export const mostProblems = 10;

/** A raw object taken apart. */
export async function readSignedObject({ mirror }: Verification, oid: string): Promise<SignedObject> {
  const { type, content } = await mirror.readSigned(oid);
  return parseSigned(type, content, oid.length);
}

/** Why an object is not signed as it must be; undefined where it is. */
export async function signatureProblem(
  { keyring, cache, policy, now }: Verification,
  oid: string,
  object: SignedObject,
): Promise<string | undefined> {
  const key = `${keyring.id} ${oid}`;
  const proof = cache.proofs.get(key) ?? (await proofOf(object, keyring));
  cache.proofs.set(key, proof);
  const verdict = await verdictOf(proof, now);
  return problemOf(verdict, (signer) => isNamed(signer, policy.keys));
}
