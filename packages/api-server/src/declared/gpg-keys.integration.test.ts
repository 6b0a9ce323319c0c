import { createApiClient } from '@plumbline/protocol';
import { eventually, signingKey } from '@plumbline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name });

beforeAll(async () => {
  fixture = await apiFixture();
}, 300_000);
afterAll(() => fixture?.close());

const stored = async () => ((await fixture.kube.get(configMap('argocd-gpg-keys-cm')))['data'] ?? {}) as object;
const add = (keyData: string, upsert = false) =>
  fixture.api.call('createGpgKeys', { body: { keyData }, query: { upsert } });
const ids = async () => (await fixture.api.call('listGpgKeys')).items.map(({ keyID }) => keyID);

beforeEach(async () => {
  const known = await stored();
  const none = Object.fromEntries(Object.keys(known).map((name) => [name, null]));
  await fixture.kube.patch(configMap('argocd-gpg-keys-cm'), { data: none }, { type: 'merge' });
});

describe('keys for signatures', () => {
  it('are stored by their ids, shown, and removed', async () => {
    const [one, two] = [await signingKey({ name: 'One' }), await signingKey({ name: 'Two' })];
    const answer = await add(`${one.publicKey}\n${two.publicKey}`);
    expect(answer.created.items).toMatchObject([
      { keyID: one.id, fingerprint: one.fingerprint, owner: 'One <signer@example.org>', subType: 'ed25519' },
      { keyID: two.id },
    ]);
    expect(answer.skipped).toEqual([]);
    expect(Object.keys(await stored()).sort()).toEqual([one.id, two.id].sort());
    expect(await ids()).toEqual([one.id, two.id].sort());
    for (const name of [one.id, one.fingerprint, one.id.toLowerCase(), `0x${one.id}`, one.id.slice(-8)]) {
      expect(await fixture.api.call('getGpgKey', { params: { keyID: name } })).toMatchObject({ keyID: one.id });
    }
    await fixture.api.call('deleteGpgKey', { query: { keyID: one.id } });
    expect(await ids()).toEqual([two.id]);
    await expect(fixture.api.call('deleteGpgKey', { query: { keyID: one.id } })).rejects.toMatchObject({ status: 404 });
    await expect(fixture.api.call('getGpgKey', { params: { keyID: one.id } })).rejects.toMatchObject({ status: 404 });
  });

  it('that are there already are skipped, or replaced where that is asked for', async () => {
    const key = await signingKey();
    await add(key.publicKey);
    const revoked = await key.revokedPublicKey();
    expect(await add(revoked)).toMatchObject({ created: { items: [] }, skipped: [key.id] });
    const before = await stored();
    expect(await add(revoked, true)).toMatchObject({ created: { items: [{ keyID: key.id }] }, skipped: [] });
    expect(await stored()).not.toEqual(before);
  });

  it('that somebody stored together, under another name, are known and removed one by one', async () => {
    const [one, two] = [await signingKey(), await signingKey()];
    const team = `${one.publicKey}\n${two.publicKey}`;
    await fixture.kube.patch(configMap('argocd-gpg-keys-cm'), { data: { team, broken: 'x' } }, { type: 'merge' });
    expect(await add(one.publicKey)).toMatchObject({ skipped: [one.id] });
    await fixture.api.call('deleteGpgKey', { query: { keyID: one.fingerprint } });
    expect(await ids()).toEqual([two.id]);
    expect(Object.keys(await stored()).sort()).toEqual(['broken', 'team']);
    await fixture.api.call('deleteGpgKey', { query: { keyID: 'broken' } });
    expect(Object.keys(await stored())).toEqual(['team']);
  });

  it('are refused in words where they are none, or private; and nothing of them is told', async () => {
    const { privateKey } = await signingKey();
    const secret = privateKey.split('\n')[4] ?? 'canary';
    const texts: [string, RegExp][] = [
      ['', /empty/],
      [' \n', /empty/],
      ['hello', /no armored public key.*gpg --armor --export/],
      [(await signingKey()).publicKey.slice(0, 150), /no armored public key/],
      [privateKey, /private key/],
      [`${(await signingKey()).publicKey}\n${privateKey}`, /private key/],
    ];
    for (const [text, message] of texts) {
      const refusal = await add(text).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ status: 400, message: expect.stringMatching(message) });
      expect(String((refusal as Error).message)).not.toContain(secret);
    }
    expect(await stored()).toEqual({});
  });

  it('are another’s to change: each verb takes its right, and replacing takes that of removing', async () => {
    const policy = ['get', 'create'].map((verb) => `p, keeper, gpgkeys, ${verb}, *, allow`).join('\n');
    await fixture.kube.patch(configMap('argocd-rbac-cm'), { data: { 'policy.csv': policy } }, { type: 'merge' });
    await fixture.kube.patch(configMap('argocd-cm'), { data: { 'accounts.keeper': 'apiKey' } }, { type: 'merge' });
    const made = () => fixture.api.call('createAccountToken', { params: { name: 'keeper' }, body: {} });
    const { token } = await eventually(made, { what: 'the account' });
    const keeper = createApiClient({ url: fixture.server.url, token });
    await eventually(() => keeper.call('listGpgKeys'), { what: 'the policy' });
    const { publicKey, id } = await signingKey();
    await keeper.call('createGpgKeys', { body: { keyData: publicKey } });
    const denied = { status: 403, message: expect.stringContaining('gpgkeys, delete') };
    await expect(
      keeper.call('createGpgKeys', { body: { keyData: publicKey }, query: { upsert: true } }),
    ).rejects.toMatchObject(denied);
    await expect(keeper.call('deleteGpgKey', { query: { keyID: id } })).rejects.toMatchObject(denied);
  });
});
