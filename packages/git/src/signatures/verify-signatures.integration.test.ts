import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitRepository, gitRepository, type SigningKey, signHead, signingKey, signTag } from '@plumbline/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitBackend } from '../create-git-backend.ts';
import type { Mirror } from '../types.ts';
import { readKeyring } from './keyring.ts';
import { createSignatureCache } from './signature-cache.ts';
import type { SignaturePolicy } from './verification.ts';
import { verifySignatures } from './verify-signatures.ts';

let [jane, john, mallory, subkeys]: SigningKey[] = [];
let repository: GitRepository;
let mirror: Mirror;
let folder: string;
let cache = createSignatureCache();

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not made yet');
  return value;
}

beforeAll(async () => {
  [jane, john, mallory] = await Promise.all(['Jane', 'John', 'Mallory'].map((name) => signingKey({ name })));
  subkeys = await signingKey({ name: 'Subkeys', subkey: true });
});
beforeEach(async () => {
  repository = await gitRepository();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-signatures-'));
  cache = createSignatureCache();
  mirror = await createGitBackend({ logger: silentLogger }).open({ url: repository.url }, folder);
  return async () => {
    await mirror.close();
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
});

const ring = () =>
  readKeyring({ jane: known(jane).publicKey, john: known(john).publicKey, subkeys: known(subkeys).publicKey });

/** Sentences on what is wrong with the revision. */
async function problems(
  revision: string,
  policy: Partial<SignaturePolicy> = {},
  keyring?: Awaited<ReturnType<typeof readKeyring>>,
): Promise<string[]> {
  const { commit, ref, tag } = await mirror.resolve(revision);
  if (tag) await mirror.ensureCommit(tag);
  const signed = { commit, ...(tag && ref ? { tag: { oid: tag, ref } } : {}) };
  const found = await verifySignatures(mirror, signed, {
    keyring: keyring ?? (await ring()),
    cache,
    policy: { mode: 'head', keys: [known(jane).id], ...policy },
  });
  return found.map(({ message }) => message);
}

async function commit(text: string, key?: SigningKey, message?: string): Promise<string> {
  repository.write('file', text);
  const plain = await repository.commit(message ?? text);
  return key ? signHead(repository, key) : plain;
}

describe('the commit of a branch', () => {
  it('is trusted with a good signature of a key that is named', async () => {
    await commit('a', jane);
    expect(await problems('main')).toEqual([]);
    expect(await problems(await repository.head())).toEqual([]);
  });

  it('is not trusted without a signature', async () => {
    const oid = await commit('a');
    expect(await problems('main')).toEqual([`commit ${oid} by 'Test <test@example.org>' is not signed`]);
  });

  it('is not trusted when its key is not named, or is not in the ring', async () => {
    await commit('a', john);
    expect(await problems('main')).toEqual([
      expect.stringContaining(`${known(john).id}, which the policy does not name`),
    ]);
    await commit('b', mallory);
    expect(await problems('main', { keys: [known(mallory).id] })).toEqual([
      expect.stringContaining(`${known(mallory).id}, which argocd-gpg-keys-cm does not have`),
    ]);
  });

  it.each([
    ['another message', (text: string) => text.replace('\n\na', '\n\nb')],
    ['another tree', (text: string) => text.replace(/^tree .*/, `tree ${'4b825dc642cb6eb9a060e54bf8d69288fbee4904'}`)],
    ['a second signature', (text: string) => text.replace(/(gpgsig (?:.*\n )+.*\n)/, '$1$1')],
    ['a cut signature', (text: string) => text.replace(/(gpgsig .*\n(?: .*\n){2}) .*\n/, '$1')],
  ])('is not trusted with %s under the signature', async (_case, change) => {
    await commit('a', jane);
    const forged = change(`${await repository.git('cat-file', 'commit', 'HEAD')}\n`);
    repository.write('../forged', forged);
    const oid = await repository.git('hash-object', '--literally', '-t', 'commit', '-w', '../forged');
    await repository.git('update-ref', 'refs/heads/main', oid);
    expect(await problems('main')).toEqual([expect.stringMatching(/has a bad signature/)]);
  });

  it('is named to be signed with something else where an SSH key signed it', async () => {
    const ssh = '-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n';
    await commit('a');
    await signHead(repository, { sign: async () => ssh });
    expect(await problems('main')).toEqual([expect.stringContaining('is signed with an SSH key')]);
  });

  it('is not trusted once the key has expired or is revoked', async () => {
    const past = new Date(Date.now() - 100_000);
    const brief = await signingKey({ name: 'Brief', date: past, expiresAfterSeconds: 60 });
    await commit('a');
    await signHead(repository, brief, { date: new Date(past.getTime() + 1000) });
    const keys = [brief.id];
    expect(await problems('main', { keys }, await readKeyring({ a: brief.publicKey }))).toEqual([
      expect.stringContaining(`${brief.id}, which has expired`),
    ]);
    await commit('b', jane);
    expect(await problems('main')).toEqual([]);
    expect(await problems('main', {}, await readKeyring({ a: await known(jane).revokedPublicKey() }))).toEqual([
      expect.stringContaining(`${known(jane).id}, which is revoked`),
    ]);
  });

  it.each([
    ['its long id', () => known(jane).id],
    ['its short id', () => known(jane).id.slice(8)],
    ['its fingerprint', () => known(jane).fingerprint],
    ['its id in small letters with 0x', () => `0x${known(jane).id.toLowerCase()}`],
    ['its fingerprint in groups', () => known(jane).fingerprint.replace(/(.{4})/g, '$1 ')],
  ])('may be signed by a key named by %s', async (_case, name) => {
    await commit('a', jane);
    expect(await problems('main', { keys: [name()] })).toEqual([]);
  });

  it('may be signed by a subkey of a key that is named, or by a subkey that is named itself', async () => {
    await commit('a', subkeys);
    expect(await problems('main', { keys: [known(subkeys).id] })).toEqual([]);
    expect(await problems('main', { keys: [...known(subkeys).subkeyIds] })).toEqual([]);
    expect(await problems('main')).toEqual([expect.stringContaining(known(subkeys).subkeyIds[0] ?? '?')]);
  });
});

describe('an annotated tag', () => {
  it('is trusted by its own signature, not by that of its commit', async () => {
    await commit('a');
    await signTag(repository, 'v1.0.0', { key: known(jane) });
    expect(await problems('v1.0.0')).toEqual([]);
    expect(await problems('1.x')).toEqual([]);
    await commit('b', jane);
    await repository.tag('v1.1.0', { message: 'not signed' });
    expect(await problems('v1.1.0')).toEqual([expect.stringMatching(/^tag v1.1.0 by 'Test <.*>' is not signed$/)]);
  });

  it('cannot be passed off as another', async () => {
    await commit('a');
    await signTag(repository, 'v2.0.0', { key: known(jane), says: 'v1.0.0' });
    expect(await problems('v2.0.0')).toEqual([expect.stringContaining('says of itself that it is the tag v1.0.0')]);
  });

  it('needs its history too in strict mode', async () => {
    const oid = await commit('a');
    await signTag(repository, 'v1.0.0', { key: known(jane) });
    expect(await problems('v1.0.0', { mode: 'strict' })).toEqual([expect.stringContaining(`commit ${oid}`)]);
  });

  it('that is only a name is its commit', async () => {
    await commit('a', jane);
    await repository.tag('light');
    expect(await problems('light')).toEqual([]);
  });
});

describe('the history in strict mode', () => {
  const strict = { mode: 'strict' } as const;

  it('is signed in every commit, on every path', async () => {
    await commit('a', jane);
    await commit('b', jane);
    expect(await problems('main', strict)).toEqual([]);
    await repository.branch('side');
    const oid = await commit('c');
    await repository.branch('main');
    await repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    await signHead(repository, known(jane));
    expect(await problems('main', strict)).toEqual([expect.stringContaining(`commit ${oid} `)]);
    expect(await problems('main')).toEqual([]);
  });

  it('tells ten problems at most, the youngest first', async () => {
    const made: string[] = [];
    for (let index = 0; index < 12; index += 1) made.unshift(await commit(`${index}`));
    const told = await problems('main', strict);
    expect(told.map((text) => text.split(' ')[1])).toEqual(made.slice(0, 10));
  });

  it('ends at a seal of a key that is named, also for other paths to what is sealed', async () => {
    await commit('unsigned');
    await repository.branch('old');
    await repository.branch('main');
    await commit('seal', jane, 'seal\n\nArgocd-gpg-seal: reviewed');
    expect(await problems('main', strict)).toEqual([]);
    await repository.branch('old');
    repository.write('other', 'signed');
    await repository.commit();
    await signHead(repository, known(jane));
    await repository.branch('main');
    await repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'old');
    await signHead(repository, known(jane));
    expect(await problems('main', strict)).toEqual([]);
    await commit('late');
    await commit('on top', jane);
    expect(await problems('main', strict)).toHaveLength(1);
  });

  it('goes on behind a seal that is not signed, or by another key', async () => {
    const seal = 'seal\n\nArgocd-gpg-seal: reviewed';
    await commit('unsigned');
    await commit('a', undefined, seal);
    await commit('b', john, seal);
    expect(await problems('main', strict)).toHaveLength(3);
  });

  it('is not looked at again where it was found good, under the same keys only', async () => {
    await commit('a', jane);
    await commit('b', jane);
    expect(await problems('main', strict)).toEqual([]);
    let reads = 0;
    const readSigned: Mirror['readSigned'] = (oid) => {
      reads += 1;
      return mirror.readSigned(oid);
    };
    const counting = { ...mirror, readSigned };
    const oid = await commit('c', jane);
    await mirror.resolve('main');
    const policy = { mode: 'strict', keys: [known(jane).id] } as const;
    expect(await verifySignatures(counting, { commit: oid }, { keyring: await ring(), cache, policy })).toEqual([]);
    expect(reads).toBe(1);
    expect(await problems('main', { ...strict, keys: [known(john).id] })).toHaveLength(3);
    expect(await problems('main', strict, await readKeyring({}))).toHaveLength(3);
  });

  it('ends where the depth of the repository cuts it', async () => {
    await commit('unsigned');
    await commit('a', jane);
    await commit('b', jane);
    const shallow = await createGitBackend({ logger: silentLogger }).open(
      { url: repository.url, depth: 2 },
      join(folder, 'shallow'),
    );
    const { commit: oid } = await shallow.resolve('main');
    const policy = { mode: 'strict', keys: [known(jane).id] } as const;
    expect(await verifySignatures(shallow, { commit: oid }, { keyring: await ring(), cache, policy })).toEqual([]);
    await shallow.close();
    expect(await problems('main', strict)).toHaveLength(1);
  });
});

it('keys that cannot be read are told, and the others hold', async () => {
  const keyring = await readKeyring({ bad: 'no key', jane: known(jane).publicKey });
  expect([...keyring.problems.keys()]).toEqual(['bad']);
  await commit('a', jane);
  expect(await problems('main', {}, keyring)).toEqual([]);
});
