import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMessage, generateKey, type PrivateKey, revokeKey, sign } from 'openpgp';
import type { GitRepository } from './git-repository.ts';

/** An OpenPGP key that signs commits and tags, without a gpg program. */
export interface SigningKey {
  /** 16 hex digits, of the primary key. */
  id: string;
  fingerprint: string;
  /** The ids of its subkeys. */
  subkeyIds: readonly string[];
  /** Armored, as `argocd-gpg-keys-cm` holds it. */
  publicKey: string;
  /** The same with a revocation in it. */
  revokedPublicKey(): Promise<string>;
  /** Armored; what nobody should send anywhere. */
  privateKey: string;
  /** An armored signature over the bytes. @param options the time it says it was made at. */
  sign(content: Uint8Array, options?: { date?: Date }): Promise<string>;
}

export interface SigningKeyOptions {
  name?: string;
  /** Signatures are made by a subkey. */
  subkey?: boolean;
  /** When it was made. */
  date?: Date;
  /** After `date`. */
  expiresAfterSeconds?: number;
}

/** Makes a key. */
export async function signingKey(options: SigningKeyOptions = {}): Promise<SigningKey> {
  const { name = 'Signer', subkey = false, date = new Date(Date.now() - 1000), expiresAfterSeconds } = options;
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name, email: 'signer@example.org' }],
    subkeys: subkey ? [{ sign: true }] : [],
    date,
    ...(expiresAfterSeconds === undefined ? {} : { keyExpirationTime: expiresAfterSeconds }),
    format: 'object',
  });
  return {
    id: publicKey.getKeyID().toHex().toUpperCase(),
    fingerprint: publicKey.getFingerprint().toUpperCase(),
    subkeyIds: publicKey.subkeys.map((key) => key.getKeyID().toHex().toUpperCase()),
    publicKey: publicKey.armor(),
    privateKey: privateKey.armor(),
    revokedPublicKey: async () => (await revokeKey({ key: privateKey, format: 'object' })).publicKey.armor(),
    sign: (content, { date: signedAt } = {}) => signatureOf(privateKey, content, signedAt),
  };
}

async function signatureOf(signingKeys: PrivateKey, content: Uint8Array, date = new Date()): Promise<string> {
  const message = await createMessage({ binary: new Uint8Array(content) });
  return sign({ message, signingKeys, detached: true, date, format: 'armored' });
}

async function store(repository: GitRepository, type: 'commit' | 'tag', content: string): Promise<string> {
  const file = join(repository.folder, '.git', `signed-${crypto.randomUUID()}`);
  await writeFile(file, content);
  try {
    return await repository.git('hash-object', '-t', type, '-w', file);
  } finally {
    await rm(file, { force: true });
  }
}

/** Puts a signed copy of the commit at HEAD in its place. Returns its SHA. @param date of the signature. */
export async function signHead(
  repository: GitRepository,
  key: Pick<SigningKey, 'sign'>,
  options: { date?: Date; message?: string } = {},
): Promise<string> {
  if (options.message !== undefined) await repository.git('commit', '-q', '--amend', '-m', options.message);
  const trimmed = await repository.git('cat-file', 'commit', 'HEAD');
  const content = `${trimmed}\n`;
  const signature = await key.sign(Buffer.from(content), options.date ? { date: options.date } : {});
  const header = `gpgsig ${signature.trim().replaceAll('\r', '').replaceAll('\n', '\n ')}\n`;
  const end = content.indexOf('\n\n') + 1;
  const signed = await store(repository, 'commit', `${content.slice(0, end)}${header}${content.slice(end)}`);
  await repository.git('reset', '-q', '--soft', signed);
  return signed;
}

/** Makes (or moves) an annotated, signed tag at HEAD. Returns the id of the tag. @param says another name in the tag itself. */
export async function signTag(
  repository: GitRepository,
  name: string,
  { key, says = name }: { key: Pick<SigningKey, 'sign'>; says?: string },
): Promise<string> {
  const tagger = 'Test <test@example.org> 1700000000 +0000';
  const content = `object ${await repository.head()}\ntype commit\ntag ${says}\ntagger ${tagger}\n\nrelease\n`;
  const signature = (await key.sign(Buffer.from(content))).replaceAll('\r', '');
  const tag = await store(repository, 'tag', `${content}${signature}`);
  await repository.git('update-ref', `refs/tags/${name}`, tag);
  return tag;
}
