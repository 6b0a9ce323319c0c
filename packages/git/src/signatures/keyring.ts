import { createHash } from 'node:crypto';
import { errorMessage } from '@plumbline/errors';
import type { Key, KeyID, PublicKey, Subkey } from 'openpgp';
import { readArmoredKeys } from './armored-keys.ts';

/** A key, or subkey, that may have made a signature. */
export interface SigningKey {
  primary: PublicKey;
  key: Key | Subkey;
}

/** Public keys that are trusted. */
export interface Keyring {
  /** Equal for equal keys. */
  id: string;
  find(id: KeyID): SigningKey | undefined;
  /** Why texts are not in the ring, by their names. */
  problems: ReadonlyMap<string, string>;
}

/** Reads armored public keys, each text one or several. What cannot be read is a problem, and the others hold. */
export async function readKeyring(texts: Readonly<Record<string, string>>): Promise<Keyring> {
  const keys: PublicKey[] = [];
  const problems = new Map<string, string>();
  for (const [name, armoredKeys] of Object.entries(texts)) {
    try {
      for (const key of await readArmoredKeys(armoredKeys)) keys.push(key.toPublic());
    } catch (error) {
      problems.set(name, errorMessage(error));
    }
  }
  const find = (id: KeyID): SigningKey | undefined => {
    for (const primary of keys) {
      const [key] = primary.getKeys(id);
      if (key) return { primary, key };
    }
    return undefined;
  };
  return { id: keyringId(texts), find, problems };
}

function keyringId(texts: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}

/** What a key is good for at a time. */
export type Standing = 'good' | 'expired' | 'revoked';

/** Whether the key, and the primary key above it, hold now. */
export async function standingOf({ primary, key }: SigningKey, now: Date): Promise<Standing> {
  if (await primary.isRevoked(undefined, undefined, now)) return 'revoked';
  if ('mainKey' in key) {
    const [binding] = key.bindingSignatures;
    if (!binding || (await key.isRevoked(binding, primary.keyPacket, now))) return 'revoked';
  }
  const ends = [await primary.getExpirationTime(), 'mainKey' in key ? await key.getExpirationTime(now) : Infinity];
  // null: no self-signature holds, so nothing says until when the key is good.
  return ends.every((end) => end !== null && Number(end) > now.getTime()) ? 'good' : 'expired';
}

/** Whether a key is one of those named: by short id, long id or fingerprint, its own or that of its primary key. */
export function isNamed({ primary, key }: SigningKey, names: readonly string[]): boolean {
  const fingerprints = [primary, key].map((each) => each.getFingerprint().toUpperCase());
  const ids = [primary, key].map((each) => each.getKeyID().toHex().toUpperCase());
  return names.some((name) => {
    const wanted = name.replace(/\s+/g, '').replace(/^0x/i, '').toUpperCase();
    if (wanted.length > 16) return fingerprints.includes(wanted);
    if (wanted.length === 16) return ids.includes(wanted);
    return wanted.length === 8 && ids.some((id) => id.endsWith(wanted));
  });
}
