import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proofOf, verdictOf } from './check-signature.ts';
import { readKeyring } from './keyring.ts';
import { parseSigned } from './parse-signed.ts';

const fixture = (name: string) => readFile(join(import.meta.dirname, 'fixtures', name));
const ring = async () => readKeyring({ signer: (await fixture('gpg-key.asc')).toString() });

/** Objects that git 2.39 and gpg 2.2 have made. */
describe.each([
  ['commit', 'gpg-commit.txt'],
  ['tag', 'gpg-tag.txt'],
] as const)('a %s signed by gpg', (kind, file) => {
  it('is good', async () => {
    const object = parseSigned(kind, await fixture(file), 40);
    expect(object.by).toBe('Fixture Signer <fixture@example.org>');
    const verdict = await verdictOf(await proofOf(object, await ring()), new Date());
    expect(verdict.state).toBe('good');
  });

  it('is bad after any change of a byte of its content', async () => {
    const content = await fixture(file);
    const keyring = await ring();
    const signature = content.indexOf('-----BEGIN');
    const header = kind === 'commit' ? content.indexOf('gpgsig') : content.length;
    for (let offset = 0; offset < Math.min(signature, header) - 1; offset += 7) {
      const changed = Buffer.from(content);
      changed[offset] = (changed[offset] ?? 0) ^ 1;
      const { state } = await proofOf(parseSigned(kind, changed, 40), keyring);
      expect(state, `byte ${offset}`).not.toBe('proven');
    }
  });
});

it('a commit takes no signature out of its message, and a merged tag lends it none', () => {
  const armor = '-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----';
  const merged = `mergetag object ${'a'.repeat(40)}\n type commit\n tag v1\n \n text\n ${armor.replaceAll('\n', '\n ')}\n`;
  const content = `tree ${'b'.repeat(40)}\ncommitter A <a@b> 1 +0000\n${merged}\nmessage\n${armor}\n`;
  const { signatures, payload, by, message } = parseSigned('commit', Buffer.from(content), 40);
  expect(signatures).toEqual([]);
  expect(payload.toString()).toBe(content);
  expect([by, message.split('\n')[0]]).toEqual(['A <a@b>', 'message']);
});

it('in a repository of SHA-256 the signature over it counts, and neither is payload', () => {
  const head = `tree ${'b'.repeat(64)}\ncommitter A <a@b> 1 +0000\n`;
  const content = `${head}gpgsig one\n more\ngpgsig-sha256 two\n more\n\nmessage\n`;
  expect(parseSigned('commit', Buffer.from(content), 64).signatures).toEqual(['two\nmore']);
  expect(parseSigned('commit', Buffer.from(content), 40).signatures).toEqual(['one\nmore']);
  expect(parseSigned('commit', Buffer.from(content), 64).payload.toString()).toBe(`${head}\nmessage\n`);
});
