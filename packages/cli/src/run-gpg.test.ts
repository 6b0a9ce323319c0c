import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const home = useOwnConfiguration();

const armor = (kind: string) =>
  `-----BEGIN PGP ${kind} KEY BLOCK-----\n\nY2FuYXJ5\n-----END PGP ${kind} KEY BLOCK-----\n`;
const key = { keyID: 'AB12', fingerprint: 'FFAB12', owner: 'Ann', trust: 'unknown', subType: 'ed25519', keyData: 'k' };
const list = (items: unknown[]) => ({ metadata: {}, items });
const routes = {
  'GET /api/v1/gpgkeys': { json: list([key]) },
  'GET /api/v1/gpgkeys/AB12': { json: key },
  'POST /api/v1/gpgkeys': { json: { created: list([key]), skipped: ['CD34'] } },
  'DELETE /api/v1/gpgkeys': { json: {} },
};

async function file(text: string): Promise<string> {
  const path = join(home(), 'key.asc');
  await writeFile(path, text);
  return path;
}

describe('plumb gpg', () => {
  it('adds the keys of a file, and says which were there', async () => {
    const keyData = armor('PUBLIC');
    const { code, out, requests } = await plumb(routes, ['gpg', 'add', '--from', await file(keyData)]);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Created 1 key(s) from input file, and 1 key(s) were skipped because they exist already.\n  AB12  Ann\n',
    });
    expect(requests).toEqual([`POST /api/v1/gpgkeys ${JSON.stringify({ keyData })}`]);
    const replaced = await plumb(routes, ['gpg', 'add', '--upsert', '-f', await file(keyData)]);
    expect(replaced.requests[0]).toContain('?upsert=true');
  });

  it.each([
    [armor('PRIVATE'), 'private key: it was not sent'],
    [armor('PUBLIC') + armor('PRIVATE'), 'private key: it was not sent'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nY2FuYXJ5', 'private key: it was not sent'],
    ['', 'is empty'],
    ['ssh-ed25519 Y2FuYXJ5', 'no armored public key'],
  ])('sends nothing of %j', async (text, message) => {
    const { code, err, requests } = await plumb(routes, ['gpg', 'add', '--from', await file(text)]);
    expect({ code, requests }).toEqual({ code: 1, requests: [] });
    expect(err).toContain(message);
    expect(err).toContain('gpg --armor --export');
    expect(err).not.toContain('Y2FuYXJ5');
  });

  it('names a file that is not there', async () => {
    const { code, err, requests } = await plumb(routes, ['gpg', 'add', '--from', '/absent']);
    expect({ code, requests }).toEqual({ code: 1, requests: [] });
    expect(err).toContain('/absent');
  });

  it('removes a key, on a terminal once that is confirmed', async () => {
    const removed = await plumb(routes, ['gpg', 'rm', 'AB12']);
    expect(removed).toMatchObject({
      code: 0,
      out: "Deleted key 'AB12'\n",
      requests: ['DELETE /api/v1/gpgkeys?keyID=AB12'],
    });
    const kept = await plumb(routes, ['gpg', 'rm', 'AB12'], { interactive: true, answers: ['n'] });
    expect(kept).toMatchObject({ code: 0, requests: [] });
  });

  it('lists and shows keys', async () => {
    expect((await plumb(routes, ['gpg', 'list'])).out).toMatch(/^KEYID\s+TYPE\s+IDENTITY\nAB12\s+ed25519\s+Ann\n$/);
    expect((await plumb(routes, ['gpg', 'get', 'AB12'])).out).toContain('Fingerprint: FFAB12');
    expect((await plumb(routes, ['gpg', 'get', 'AB12', '-o', 'name'])).out).toBe('AB12\n');
  });
});
