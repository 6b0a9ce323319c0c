import { receiptMac } from '@plumbline/render';
import { describe, expect, it } from 'vitest';
import { configMap, mask, revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { tracking } from '../test-support/memory-live.ts';
import { MemoryRepository, sealKey } from '../test-support/repository.ts';
import { revealSecret } from './secret-values.ts';
import { rendersSomething, TargetLoader, type TargetRequest } from './target-state.ts';

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'aHVzaA==' } };
const facts = { application: 'shop', tracking, namespace: 'web', scopeOf: async () => true };
const base: TargetRequest = {
  app: shop(),
  sources: [source],
  noCache: false,
  context: { appName: 'shop', project: 'default', namespace: 'web', kubeVersion: '1.36.1', apiVersions: [] },
  facts,
};

function loading(objects = [configMap('a')]) {
  const repository = new MemoryRepository(objects);
  const loader = new TargetLoader({ client: repository, sealed: repository.cache, sealKey, mask });
  return { repository, loader, load: (more: Partial<TargetRequest> = {}) => loader.load({ ...base, ...more }) };
}

describe('a target state', () => {
  it('holds the objects of the resolved revision, placed and tracked', async () => {
    const state = await loading().load();
    expect(state).toMatchObject({ revisions: [revisionA], sourceTypes: ['Directory'], repeated: [], warnings: [] });
    expect(state.targets.map(({ key, namespaced }) => [key.namespace, key.name, namespaced])).toEqual([
      ['web', 'a', true],
    ]);
  });

  it('is the former one where nothing changed, at whatever revision', async () => {
    const { repository, load } = loading();
    const former = await load();
    repository.push(revisionB, [configMap('a')]);
    repository.cache.values.clear();
    const state = await load({ former });
    expect(state.targets).toBe(former.targets);
    expect(state.revisions).toEqual([revisionB]);
  });

  it('is placed again where the destination did not know a kind', async () => {
    const { load } = loading();
    const former = await load({ facts: { ...facts, scopeOf: async () => undefined } });
    const state = await load({ former });
    expect(state.targets.map(({ namespaced }) => namespaced)).toEqual([true]);
  });

  it('shares what did not change with the former one', async () => {
    const { repository, load } = loading([configMap('a'), configMap('b')]);
    const former = await load();
    repository.push(revisionB, [configMap('a'), configMap('b', '2')]);
    const { targets } = await load({ former });
    expect(targets.map((target, index) => target === former.targets[index])).toEqual([true, false]);
  });

  it('never holds the values of Secrets', async () => {
    const { load } = loading([secret]);
    const state = await load();
    expect(JSON.stringify(state)).not.toContain('aHVzaA==');
    expect(state.targets[0]?.object['data']).toEqual({ key: expect.stringMatching(/^hmac:/) });
  });

  it('is rendered once more where its manifests vanished from the cache', async () => {
    const { repository, load } = loading();
    repository.stores = (noCache) => noCache;
    expect((await load()).targets).toHaveLength(1);
    expect(repository.log).toEqual(['resolve main', 'render aaaa', 'render aaaa anew']);
  });

  it('is not to be had where they vanish again', async () => {
    const { repository, load } = loading();
    repository.stores = () => false;
    await expect(load()).rejects.toMatchObject({ code: 'TARGET_NOT_CACHED', retry: 'transient' });
  });

  it('joins the objects of several sources; a source that only gives files renders nothing', async () => {
    const { repository, load } = loading();
    const state = await load({ sources: [source, { repoURL: source.repoURL, ref: 'values' }] });
    expect(state.revisions).toEqual([revisionA, revisionA]);
    expect(repository.log).toEqual(['resolve main', 'resolve ', 'render aaaa']);
    expect(state.parts[0]?.receipt.refs).toEqual({ values: revisionA });
  });

  it('is refused where two sources have one ref', async () => {
    const ref = { repoURL: source.repoURL, ref: 'values' };
    await expect(loading().load({ sources: [source, ref, ref] })).rejects.toThrow(/two sources .* the ref "values"/);
  });

  it('takes pinned revisions by source, those that only give files included', async () => {
    const { repository, load } = loading();
    const sources = [{ repoURL: source.repoURL, ref: 'values' }, source];
    expect((await load({ sources, pinned: [revisionB, revisionA] })).revisions).toEqual([revisionB, revisionA]);
    expect(repository.log).toEqual(['render aaaa']);
  });
});

describe('a receipt is refused', () => {
  it.each([
    ['with a wrong seal', (mac: string) => ({ mac: `${mac.slice(0, -1)}_` })],
    ['for another revision', () => sealed({ revision: revisionB })],
    ['for other referred revisions', () => sealed({ revision: revisionA, refs: { values: revisionB } })],
    ['whose digest was exchanged', () => ({ digest: 'other' })],
  ])('%s', async (_case, forged) => {
    const { repository, load } = loading();
    repository.forge = (receipt) => ({ ...receipt, ...forged(receipt.mac) });
    await expect(load()).rejects.toMatchObject({ code: 'RENDER_RECEIPT', retry: 'transient' });
  });

  it('also when it is given for a second render', async () => {
    const { repository, load } = loading();
    repository.stores = (noCache) => noCache;
    repository.forge = (receipt) =>
      repository.log.at(-1)?.endsWith('anew') ? { ...receipt, mac: receipt.mac.toUpperCase() } : receipt;
    await expect(load()).rejects.toMatchObject({ code: 'RENDER_RECEIPT' });
  });
});

/** A true receipt of something else. */
function sealed(other: { revision: string; refs?: Record<string, string> }) {
  const fields = { repoURL: source.repoURL, digest: 'd', tools: {}, ...other };
  return { ...fields, mac: receiptMac(sealKey, fields) };
}

describe('a pinned revision', () => {
  it.each([
    ['is taken as it is where it is a commit', revisionA, ['render aaaa']],
    ['is resolved where it is a name', 'v1', ['resolve v1', 'render aaaa']],
    ['gives way to the source where there is none', undefined, ['resolve main', 'render aaaa']],
  ])('%s', async (_case, pinned, log) => {
    const { repository, load } = loading();
    await load({ pinned: [pinned] });
    expect(repository.log).toEqual(log);
  });
});

describe('the Secrets for an apply', () => {
  it('have their real values and their place', async () => {
    const { loader, load } = loading([secret, configMap('a')]);
    const state = await load();
    const target = state.targets.find(({ key }) => key.kind === 'Secret');
    const real = target && revealSecret(target.object, await loader.secretValues(state));
    expect(target?.object).not.toMatchObject({ data: { key: 'aHVzaA==' } });
    expect(real).toMatchObject({ data: { key: 'aHVzaA==' }, metadata: { namespace: 'web' } });
  });

  it('are rendered again where they have gone from the cache', async () => {
    const { repository, loader, load } = loading([secret]);
    const state = await load();
    repository.cache.values.clear();
    expect([...(await loader.secretValues(state)).values()]).toEqual(['aHVzaA==']);
  });
});

it.each([
  ['a path', { path: 'web' }, true],
  ['a chart', { chart: 'shop' }, true],
  ['neither', {}, true],
  ['a ref and a path', { ref: 'values', path: 'web' }, true],
  ['a ref alone', { ref: 'values' }, false],
])('a source with %s renders something: %s', (_case, more, expected) => {
  expect(rendersSomething({ repoURL: source.repoURL, ...more })).toBe(expected);
});
