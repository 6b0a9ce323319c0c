import type { Key } from 'openpgp';
import { readArmoredKeys } from './armored-keys.ts';

/** What a public key says of itself. */
export interface KeyDescription {
  /** 16 hex digits, upper case. */
  id: string;
  /** Hex digits, upper case. */
  fingerprint: string;
  /** `Name <mail>` of its first user. */
  owner: string;
  /** For example `rsa4096`, `ed25519`. */
  algorithm: string;
  armored: string;
}

/** Why a text is not taken for public keys: there is a private one, or nothing that can be read as a key. */
export type KeyProblem = 'private' | 'unreadable';

function describe(key: Key): KeyDescription {
  const { algorithm, bits, curve } = key.getAlgorithmInfo();
  const name = /^rsa/i.test(algorithm) ? `rsa${bits ?? ''}` : String(curve ?? algorithm).replace(/Legacy$/, '');
  return {
    id: key.getKeyID().toHex().toUpperCase(),
    fingerprint: key.getFingerprint().toUpperCase(),
    owner: key.getUserIDs()[0] ?? '',
    algorithm: name,
    armored: key.toPublic().armor(),
  };
}

/** The keys of armored texts; what cannot be read is left out. */
export async function describeKeys(texts: readonly string[]): Promise<KeyDescription[]> {
  const found = await Promise.all(texts.map((text) => readArmoredKeys(text).catch(() => [])));
  return found.flat().map(describe);
}

/** The keys of a text that must hold nothing but public ones; or why it does not. */
export async function readPublicKeys(text: string): Promise<KeyDescription[] | KeyProblem> {
  if (/PRIVATE KEY/.test(text)) return 'private';
  const keys = await readArmoredKeys(text).catch(() => []);
  if (keys.length === 0) return 'unreadable';
  return keys.some((key) => key.isPrivate()) ? 'private' : keys.map(describe);
}
