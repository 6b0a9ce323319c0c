import type { Operation } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, owned, revisionA, revisionB, shop } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';

const refused = new PlumblineError('KUBE_INVALID', 'the server says no');
const writes = (log: readonly string[]) => log.filter((line) => !/^(dry-run|patch|persist)/.test(line));
const retry = { limit: 2, backoff: { duration: '10s', factor: 2 } };

describe('an operation', () => {
  it('begins, applies what is missing and ends in one pass', async () => {
    const engine = await startEngine({ objects: [configMap('a'), configMap('b')] });
    await engine.sync();
    await engine.pass();
    expect(writes(engine.cluster.log)).toEqual(['apply ConfigMap/a', 'apply ConfigMap/b']);
    expect(engine.results).toEqual({ a: 'Synced', b: 'Synced' });
    expect(engine.operationState).toMatchObject({
      phase: 'Succeeded',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:00Z',
      operation: { sync: {} },
      syncResult: { revision: revisionA, source: { path: 'web' } },
    });
    expect(engine.app.operation).toBeUndefined();
    expect(engine.status.sync?.status).toBe('Synced');
    expect(engine.status.history).toMatchObject([{ id: 0, revision: revisionA }]);
    expect(engine.finished).toEqual(['Succeeded']);
  });

  it.each([
    ['is empty', {}],
    ['only says who asked', { initiatedBy: { username: 'ann' }, info: [{ name: 'why', value: 'a test' }] }],
    ['would be tried again', { retry: { limit: 5 } }],
  ])('that %s is an error: it does not say what to do', async (_name, operation) => {
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.edit({ operation });
    await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Error',
      message: 'Invalid operation request: no operation specified',
      operation,
    });
    expect(engine.app.operation).toBeUndefined();
    expect(writes(engine.cluster.log)).toEqual([]);
  });

  it('waits for the health of a wave, and goes on when it is there', async () => {
    const second = configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' });
    const engine = await startEngine({ objects: [configMap('a'), second] });
    engine.live.health['a'] = 'Progressing';
    await engine.sync();
    const waiting = await engine.pass();
    expect(engine.results).toEqual({ a: 'Synced' });
    expect(engine.operationState).toMatchObject({ phase: 'Running', message: expect.stringContaining('a') });
    expect(waiting.later).toContainEqual({ level: levels.tree, ms: expect.any(Number) });
    engine.live.health['a'] = 'Healthy';
    await engine.pass(levels.tree);
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(writes(engine.cluster.log)).toEqual(['apply ConfigMap/a', 'apply ConfigMap/b']);
  });

  it('goes on after a restart from what the custom resource tells, and repeats nothing', async () => {
    const second = configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' });
    const engine = await startEngine({ objects: [configMap('a'), second] });
    engine.live.health['a'] = 'Progressing';
    await engine.sync();
    await engine.pass();
    engine.restart();
    engine.repository.push(revisionB, [configMap('a', '2'), second]);
    engine.live.health['a'] = 'Healthy';
    await engine.pass();
    expect(writes(engine.cluster.log)).toEqual(['apply ConfigMap/a', 'apply ConfigMap/b']);
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', syncResult: { revision: revisionA } });
    expect(engine.status.sync).toMatchObject({ status: 'OutOfSync', revision: revisionB });
  });

  it('ends with the reasons of the server, and the outcome of every object', async () => {
    const engine = await startEngine({ objects: [configMap('a'), configMap('b')] });
    engine.cluster.refusals.set('apply ConfigMap/a', refused);
    await engine.sync();
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Failed', message: expect.stringContaining('says no') });
    expect(engine.results).toEqual({ a: 'SyncFailed', b: 'Synced' });
    expect(engine.status.history).toBeUndefined();
    expect(engine.app.operation).toBeUndefined();
  });

  it('writes what ignoreDifferences hides, unless an option spares it', async () => {
    const spec = { ...shop().spec, ignoreDifferences: [{ kind: 'ConfigMap', jsonPointers: ['/data/key'] }] };
    const engine = await startEngine({ app: shop({ spec }), objects: [configMap('a', 'git')] });
    engine.cluster.put(owned(configMap('a', 'live')));
    for (const option of ['RespectIgnoreDifferences=true', 'ApplyOutOfSyncOnly=true']) {
      await engine.sync({ syncOptions: [option] });
      await engine.pass();
    }
    expect(engine.status.sync?.status).toBe('Synced');
    expect(writes(engine.cluster.log)).toEqual([]);
    await engine.sync();
    await engine.pass();
    expect(writes(engine.cluster.log)).toEqual(['apply ConfigMap/a']);
  });

  it('prunes only where it is asked to', async () => {
    const engine = await startEngine();
    engine.cluster.put(owned(configMap('old')));
    await engine.sync();
    await engine.pass();
    expect(engine.results).toEqual({ old: 'PruneSkipped' });
    await engine.sync({ prune: true });
    await engine.pass();
    expect(engine.results).toEqual({ old: 'Pruned' });
    expect(engine.status).toMatchObject({ sync: { status: 'Synced' } });
    expect(engine.status.resources).toBeUndefined();
  });

  it('with dryRun writes nothing and leaves no history', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.sync({ dryRun: true });
    await engine.pass();
    expect(writes(engine.cluster.log)).toEqual([]);
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(engine.status.sync?.status).toBe('OutOfSync');
    expect(engine.status.history).toBeUndefined();
  });

  it('syncs a revision of its own, compared for itself', async () => {
    const engine = await startEngine({ objects: [configMap('a', 'old')] });
    engine.repository.push(revisionB, [configMap('a', 'new')]);
    await engine.sync({ revision: revisionA });
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', syncResult: { revision: revisionA } });
    expect(engine.cluster.objects.get('/ConfigMap/web/a')).toMatchObject({ data: { key: 'old' } });
    expect(engine.status.sync).toMatchObject({ status: 'OutOfSync', revision: revisionB });
  });

  it('syncs manifests that it brings itself', async () => {
    const engine = await startEngine();
    await engine.sync({ manifests: [JSON.stringify(configMap('local'))] });
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(engine.results).toEqual({ local: 'Synced' });
  });

  it('applies Secrets with their real values, which the status never holds', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'aHVzaA==' } };
    const engine = await startEngine({ objects: [secret] });
    await engine.sync();
    await engine.pass();
    expect(engine.cluster.objects.get('/Secret/web/s')).toMatchObject({ data: { key: 'aHVzaA==' } });
    expect(JSON.stringify(engine.app)).not.toContain('aHVzaA==');
    expect(engine.status.sync?.status).toBe('Synced');
  });

  it('ends with an Error where there is nothing to sync', async () => {
    const engine = await startEngine();
    engine.repository.failure = new PlumblineError('RENDER_FAILED', 'kustomize: no such file');
    await engine.sync();
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Error', message: expect.stringContaining('no such file') });
    expect(engine.app.operation).toBeUndefined();
    expect(engine.finished).toEqual(['Error']);
  });
});

describe('a failed attempt', () => {
  async function failing(more: Partial<Operation> = {}) {
    const engine = await startEngine({ app: shop(), objects: [configMap('a')] });
    engine.cluster.refusals.set('dry-run ConfigMap/a', refused);
    await engine.sync({}, { retry, ...more });
    return engine;
  }

  it('rests, and is tried again when the rest is over', async () => {
    const engine = await failing();
    const pass = await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Running',
      retryCount: 1,
      finishedAt: '2026-01-01T00:00:00Z',
      message: expect.stringContaining('Retrying attempt #1 at 12:00AM.'),
    });
    expect(pass.later).toContainEqual({ level: levels.compare, ms: 10_000 });
    engine.cluster.refusals.clear();
    engine.now += 4_000;
    expect((await engine.pass()).later).toContainEqual({ level: levels.compare, ms: 6_000 });
    expect(engine.operationState?.retryCount).toBe(1);
    engine.now += 6_000;
    await engine.pass();
    await engine.pass(levels.refresh);
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', retryCount: 1 });
    expect(engine.results).toEqual({ a: 'Synced' });
  });

  it('rests as long after a restart', async () => {
    const engine = await failing();
    await engine.pass();
    engine.restart();
    engine.cluster.refusals.clear();
    engine.now += 4_000;
    const pass = await engine.pass();
    expect(pass.later).toContainEqual({ level: levels.compare, ms: 6_000 });
    engine.now += 6_000;
    await engine.pass(levels.refresh);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('is the last one at the limit', async () => {
    const engine = await failing();
    await engine.pass(levels.refresh);
    engine.now += 10_000;
    await engine.pass(levels.refresh);
    engine.now += 20_000;
    await engine.pass(levels.refresh);
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      retryCount: 2,
      message: expect.stringContaining('(retried 2 times)'),
    });
    expect(engine.finished).toEqual(['Failed']);
  });

  it('resolves again before the next one, unless a revision was asked for', async () => {
    const engine = await failing();
    await engine.pass();
    engine.now += 10_000;
    engine.repository.push(revisionB, [configMap('b')]);
    expect((await engine.pass()).later).toContainEqual({ level: levels.refresh, ms: 0 });
    await engine.pass(levels.refresh);
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', syncResult: { revision: revisionB } });
  });

  it('stays with the revision that was asked for', async () => {
    const engine = await failing();
    await engine.sync({ revision: revisionA }, { retry });
    await engine.pass();
    engine.now += 10_000;
    engine.cluster.refusals.clear();
    engine.repository.push(revisionB, [configMap('b')]);
    await engine.pass(levels.refresh);
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', syncResult: { revision: revisionA } });
  });

  it('takes the newest revision with retry.refresh, whatever was asked for', async () => {
    const engine = await failing();
    await engine.sync({ revision: revisionA }, { retry: { ...retry, refresh: true } });
    await engine.pass();
    engine.now += 10_000;
    engine.repository.push(revisionB, [configMap('b')]);
    await engine.pass(levels.refresh);
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', syncResult: { revision: revisionB } });
    expect(engine.app.operation).toBeUndefined();
  });

  it('of automation ends when a newer revision is there', async () => {
    const engine = await failing({ initiatedBy: { automated: true }, sync: { revision: revisionA } });
    await engine.pass();
    engine.repository.push(revisionB, [configMap('b')]);
    const pass = await engine.pass(levels.refresh);
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining(`Superseded by revision ${revisionB}.`),
    });
    expect(pass.later).toContainEqual({ level: levels.compare, ms: 0 });
  });

  it('that rests ends when it is terminated', async () => {
    const engine = await failing();
    await engine.pass();
    await engine.edit({ status: { operationState: { phase: 'Terminating' } } });
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(engine.app.operation).toBeUndefined();
  });
});
