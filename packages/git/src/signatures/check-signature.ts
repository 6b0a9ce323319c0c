import { errorMessage } from '@plumbline/errors';
import type { Signature, SignaturePacket } from 'openpgp';
import { type Keyring, type SigningKey, type Standing, standingOf } from './keyring.ts';
import { openpgp } from './openpgp.ts';
import type { SignedObject } from './parse-signed.ts';

/** What the signature of an object proved, whatever the time is now. */
export type Proof =
  | { state: 'unsigned' }
  /** Not made by OpenPGP. */
  | { state: 'foreign'; method: string }
  | { state: 'unknown-key'; keyId: string }
  | { state: 'bad'; keyId: string; reason: string }
  | { state: 'proven'; keyId: string; signer: SigningKey /** ms. */; expiresAt: number };

/** {@link Proof} as it counts now. */
type Verdict =
  | Exclude<Proof, { state: 'proven' }>
  | { state: 'good'; keyId: string; signer: SigningKey }
  | { state: 'signature-expired' | 'key-expired' | 'key-revoked'; keyId: string };

function foreignMethod(signature: string): string | undefined {
  const kind = /-----BEGIN (\w+) /.exec(signature)?.[1];
  if (kind === 'PGP') return undefined;
  return kind === 'SSH' ? 'an SSH key' : 'an X.509 certificate';
}

/** The one packet of a signature. */
async function packetOf(armored: string): Promise<{ signature: Signature; packet: SignaturePacket } | undefined> {
  const { readSignature, enums } = await openpgp();
  const signature = await readSignature({ armoredSignature: armored });
  const [packet, ...more] = signature.packets;
  if (!packet || more.length > 0) return undefined;
  return packet.signatureType === enums.signature.binary ? { signature, packet } : undefined;
}

async function prove(payload: Buffer, signature: Signature, signer: SigningKey): Promise<string | undefined> {
  const { createMessage, verify } = await openpgp();
  // A copy: the library compares the buffer's class.
  const message = await createMessage({ binary: new Uint8Array(payload) });
  const checked = await verify({
    message,
    signature,
    verificationKeys: signer.primary,
    format: 'binary',
    date: null,
    // Keys that were edited later have self-signatures that are younger than what they signed before.
    config: { allowInsecureVerificationWithReformattedKeys: true },
  });
  const [only, ...others] = checked.signatures;
  if (!only || others.length > 0) return 'it is not one signature';
  return only.verified.then(
    () => undefined,
    (error: unknown) => errorMessage(error),
  );
}

/** Checks the signature of an object with the keys of the ring. */
export async function proofOf(object: SignedObject, keyring: Keyring): Promise<Proof> {
  const [armored, ...more] = object.signatures;
  if (armored === undefined) return { state: 'unsigned' };
  const method = foreignMethod(armored);
  if (method) return { state: 'foreign', method };
  if (more.length > 0) return { state: 'bad', keyId: '', reason: 'it has several signatures' };
  try {
    const found = await packetOf(armored);
    if (!found) return { state: 'bad', keyId: '', reason: 'it is not one signature of a document' };
    const { signature, packet } = found;
    const keyId = packet.issuerKeyID.toHex().toUpperCase();
    const signer = keyring.find(packet.issuerKeyID);
    if (!signer) return { state: 'unknown-key', keyId };
    const reason = await prove(object.payload, signature, signer);
    if (reason !== undefined) return await failedProof(reason, keyId, signer);
    return { state: 'proven', keyId, signer, expiresAt: Number(packet.getExpirationTime()) };
  } catch (error) {
    return { state: 'bad', keyId: '', reason: errorMessage(error) };
  }
}

/** The signature was made when its key no longer held, or it is none of the key. */
async function failedProof(reason: string, keyId: string, signer: SigningKey): Promise<Proof> {
  // What `verify` says of keys comes after it has compared the signature with the content.
  const ofKey = /revoked|expired|could not find valid signing key/i.test(reason);
  if (ofKey && (await standingOf(signer, new Date())) !== 'good') {
    return { state: 'proven', keyId, signer, expiresAt: Infinity };
  }
  return { state: 'bad', keyId, reason };
}

/** What a proof is worth at a time. */
export async function verdictOf(proof: Proof, now: Date): Promise<Verdict> {
  if (proof.state !== 'proven') return proof;
  const { keyId, signer, expiresAt } = proof;
  const standing: Standing = await standingOf(signer, now);
  if (standing !== 'good') return { state: `key-${standing}`, keyId };
  return expiresAt <= now.getTime() ? { state: 'signature-expired', keyId } : { state: 'good', keyId, signer };
}

/** A sentence on why a verdict is not good enough; undefined where it is. */
export function problemOf(verdict: Verdict, isAllowed: (signer: SigningKey) => boolean): string | undefined {
  switch (verdict.state) {
    case 'unsigned':
      return 'is not signed';
    case 'foreign':
      return `is signed with ${verdict.method}; only signatures by OpenPGP keys (GnuPG) are accepted`;
    case 'unknown-key':
      return `is signed with key ${verdict.keyId}, which argocd-gpg-keys-cm does not have`;
    case 'bad':
      return `has a bad signature${verdict.keyId ? ` of key ${verdict.keyId}` : ''}: ${verdict.reason}`;
    case 'signature-expired':
      return `has a signature of key ${verdict.keyId} that has expired`;
    case 'key-expired':
      return `is signed with key ${verdict.keyId}, which has expired`;
    case 'key-revoked':
      return `is signed with key ${verdict.keyId}, which is revoked`;
    case 'good':
      return isAllowed(verdict.signer)
        ? undefined
        : `is signed with key ${verdict.keyId}, which the policy does not name`;
  }
}
