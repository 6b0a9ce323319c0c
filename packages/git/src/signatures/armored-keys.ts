import type { Key } from 'openpgp';
import { openpgp } from './openpgp.ts';

const block = /-----BEGIN PGP (?:PUBLIC|PRIVATE) KEY BLOCK-----[\s\S]*?-----END PGP (?:PUBLIC|PRIVATE) KEY BLOCK-----/g;

/** Reads the keys of a text: one armored block or several after each other, each of one key or several. Throws for what is none. */
export async function readArmoredKeys(text: string): Promise<Key[]> {
  const { readKeys } = await openpgp();
  const found = await Promise.all((text.match(block) ?? [text]).map((armoredKeys) => readKeys({ armoredKeys })));
  return found.flat();
}
