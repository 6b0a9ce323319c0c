import { appProjectSchema } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { receiptMac } from '@plumbline/render';
import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { loadTarget } from '../steps/load-target.ts';
import { configMap, revisionA, revisionB, source } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';
import { sealKey } from '../test-support/repository.ts';
import { verificationOf } from './source-verification.ts';

const enabled = { enabled: true };

function project(spec: object) {
  return appProjectSchema.parse({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'team' },
    spec,
  });
}

const signedProject = () => project({ signatureKeys: [{ keyID: 'ABCDEF0123456789' }] });
const wanted = { mode: 'head', keys: ['ABCDEF0123456789'] };

async function verifying(spec = signedProject()) {
  const engine = await startEngine({ objects: [configMap('a')] });
  engine.project = spec;
  const step = loadTarget({ loader: engine.loader, refreshIntervalMs: () => 120_000, clock: () => engine.now });
  const load = async (level: Parameters<Engine['newPass']>[0] = levels.refresh) => {
    const pass = engine.newPass(level);
    await step(pass);
    return pass;
  };
  return { engine, load };
}

describe('a source', () => {
  it.each([
    ['of Git', { repoURL: 'https://git.example.com/a.git' }, true],
    ['that is a chart', { repoURL: 'https://charts.example.com', chart: 'redis' }, false],
    ['that is an artifact', { repoURL: 'oci://registry.example.com/a' }, false],
  ])('%s: is verified: %s', (_case, given, verified) => {
    expect(verificationOf(signedProject(), given, enabled)).toEqual(verified ? wanted : undefined);
    expect(verificationOf(signedProject(), given, { enabled: false })).toBeUndefined();
  });

  it('is refused where the rules cannot be followed', () => {
    const policy = { repos: [{ url: '*' }], gpg: { mode: 'head', keys: [] } };
    const twice = project({ sourceIntegrity: { git: { policies: [policy, policy] } } });
    expect(() => verificationOf(twice, source, enabled)).toThrow('2 sourceIntegrity policies');
  });
});

describe('a render', () => {
  it('is asked for with what the project wants signed, and with the tag that is meant', async () => {
    const { engine, load } = await verifying();
    expect((await load()).target?.revisions).toEqual([revisionA]);
    expect(engine.repository.requests.at(-1)?.verify).toEqual(wanted);
    engine.repository.named = { ref: 'refs/tags/v1.0.0', tag: revisionB };
    await load();
    const tag = { oid: revisionB, ref: 'refs/tags/v1.0.0' };
    expect(engine.repository.requests.at(-1)?.verify).toEqual({ ...wanted, tag });
  });

  it.each([
    ['nothing was verified', {}],
    ['another key was wanted', { verified: { source: { mode: 'head' as const, keys: ['00'] } } }],
    ['less was wanted', { verified: { refs: { values: { mode: 'head' as const, keys: wanted.keys } } } }],
  ])('is refused when its receipt says that %s', async (_case, says) => {
    const { engine, load } = await verifying();
    engine.repository.forge = ({ mac: _mac, verified: _verified, ...fields }) => {
      const changed = { ...fields, ...says };
      return { ...changed, mac: receiptMac(sealKey, changed) };
    };
    const pass = await load();
    expect(pass.target).toBeUndefined();
    expect(pass.findings).toMatchObject([{ type: 'ComparisonError' }]);
  });

  it('is judged again when other signatures are wanted, without a refresh', async () => {
    const { engine, load } = await verifying(project({}));
    await load();
    expect(engine.repository.requests.at(-1)?.verify).toBeUndefined();
    engine.repository.failure = new PlumblineError('SOURCE_UNVERIFIED', 'commit aaaa is not signed');
    expect((await load(levels.tree)).findings).toEqual([]);
    engine.project = signedProject();
    const pass = await load(levels.tree);
    expect(pass.target).toBeUndefined();
    expect(pass.findings).toEqual([{ type: 'ComparisonError', message: expect.stringContaining('is not signed') }]);
  });

  it('of a pinned commit is verified by the tag that means it, else by itself', async () => {
    const { engine } = await verifying();
    engine.repository.named = { ref: 'refs/tags/v1.0.0', tag: revisionB };
    const pass = engine.newPass();
    const { facts, sources, app } = pass;
    if (!facts) throw new Error('no facts');
    const context = { appName: 'shop', project: 'team', namespace: 'web', kubeVersion: '1.36.1', apiVersions: [] };
    const base = { app, sources, project: pass.project, noCache: false, context, facts };
    await engine.loader.load({ ...base, pinned: [revisionA] });
    expect(engine.repository.requests.at(-1)?.verify?.tag?.oid).toBe(revisionB);
    engine.repository.push(revisionB, [configMap('b')]);
    await engine.loader.load({ ...base, pinned: [revisionA] });
    expect(engine.repository.requests.at(-1)?.verify).toEqual(wanted);
  });
});

it('local manifests are not synced where sources must be signed', async () => {
  const { engine } = await verifying();
  await engine.sync({ manifests: [JSON.stringify(configMap('local'))] });
  await engine.pass(levels.refresh);
  expect(engine.operationState).toMatchObject({ phase: expect.stringMatching(/Error|Failed/) });
  expect(engine.operationState?.message).toContain('local manifests cannot be synced');
  expect([...engine.cluster.objects.values()].filter(({ metadata }) => metadata.name === 'local')).toEqual([]);
});
