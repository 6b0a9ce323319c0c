import { openpgp } from './keyring.ts';

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

/** The keys of armored texts; what cannot be read is left out. */
export async function describeKeys(texts: readonly string[]): Promise<KeyDescription[]> {
  const { readKeys } = await openpgp();
  const found = await Promise.all(texts.map((armoredKeys) => readKeys({ armoredKeys }).catch(() => [])));
  return found.flat().map((key) => {
    const { algorithm, bits, curve } = key.getAlgorithmInfo();
    const name = /^rsa/i.test(algorithm) ? `rsa${bits ?? ''}` : String(curve ?? algorithm);
    return {
      id: key.getKeyID().toHex().toUpperCase(),
      fingerprint: key.getFingerprint().toUpperCase(),
      owner: key.getUserIDs()[0] ?? '',
      algorithm: name,
      armored: key.toPublic().armor(),
    };
  });
}
