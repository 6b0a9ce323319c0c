import { signingKey } from '@plumbline/testing';
import { generateKey } from 'openpgp';
import { expect, it } from 'vitest';
import { describeKeys, readPublicKeys } from './describe-keys.ts';
import { readKeyring } from './keyring.ts';

const privateKey = async () =>
  (await generateKey({ type: 'ecc', curve: 'ed25519Legacy', userIDs: [{ name: 'P', email: 'p@example.org' }] }))
    .privateKey;

it('reads all blocks of a text, as gpg does', async () => {
  const [one, two] = [await signingKey({ name: 'One' }), await signingKey({ name: 'Two' })];
  const text = `# keys of the team\n${one.publicKey}\n${two.publicKey.replaceAll('\n', '\r\n')}`;
  const keys = await describeKeys([text]);
  expect(keys.map(({ id, owner }) => [id, owner])).toEqual([
    [one.id, 'One <signer@example.org>'],
    [two.id, 'Two <signer@example.org>'],
  ]);
  expect(await readPublicKeys(text)).toEqual(keys);
  const ring = await readKeyring({ both: text });
  const { readKey } = await import('openpgp');
  for (const { publicKey } of [one, two]) {
    expect(ring.find((await readKey({ armoredKey: publicKey })).getKeyID())).toBeDefined();
  }
});

it('refuses what is no public key', async () => {
  const { publicKey } = await signingKey();
  expect(await readPublicKeys('')).toBe('unreadable');
  expect(await readPublicKeys('hello')).toBe('unreadable');
  expect(await readPublicKeys(publicKey.slice(0, 200))).toBe('unreadable');
  expect(await readPublicKeys(await privateKey())).toBe('private');
  expect(await readPublicKeys(`${publicKey}\n${await privateKey()}`)).toBe('private');
  expect(await readPublicKeys('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----')).toBe(
    'private',
  );
  const disguised = (await privateKey()).replaceAll('PRIVATE', 'PUBLIC');
  expect(await readPublicKeys(disguised)).toBe('private');
});
