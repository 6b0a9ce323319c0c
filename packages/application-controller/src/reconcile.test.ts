import { annotations } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { expect, it } from 'vitest';
import { levels } from './queue/keyed-queue.ts';
import { configMap, owned, revisionA, revisionB, shop } from './test-support/builders.ts';
import { startEngine } from './test-support/engine.ts';

function meanwhile(engine: Awaited<ReturnType<typeof startEngine>>, patch: Record<string, unknown>): void {
  engine.cluster.before = (line) => {
    if (line !== 'patch Application/shop') return;
    engine.cluster.before = () => {};
    void engine.edit(patch);
  };
}

it('keeps a termination that is asked for while a pass is under way', async () => {
  const engine = await startEngine({
    objects: [configMap('a'), configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' })],
  });
  engine.live.health['a'] = 'Progressing';
  await engine.sync();
  await engine.pass();
  meanwhile(engine, { status: { operationState: { phase: 'Terminating' } } });
  engine.cluster.put(owned(configMap('c')));
  await engine.pass();
  expect(engine.operationState?.phase).toBe('Terminating');
});

it('keeps a hard refresh that is asked for while a pass is under way', async () => {
  const engine = await startEngine({ objects: [configMap('a')] });
  meanwhile(engine, { metadata: { annotations: { [annotations.refresh]: 'hard' } } });
  await engine.pass(levels.refresh);
  expect(engine.app.metadata.annotations?.[annotations.refresh]).toBe('hard');
});

it('tells the queue of a change by somebody else that a conflict brought to light', async () => {
  const engine = await startEngine({ objects: [configMap('a')] });
  engine.cluster.lagging = true;
  meanwhile(engine, { operation: { sync: { prune: true } } });
  await engine.pass();
  engine.cluster.catchUp();
  expect(engine.changes.some(({ after }) => after?.operation !== undefined)).toBe(true);
});

it('goes on with an operation under way although a refresh fails', async () => {
  const second = configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' });
  const engine = await startEngine({ objects: [configMap('a'), second] });
  engine.live.health['a'] = 'Progressing';
  await engine.sync();
  await engine.pass();
  engine.repository.failure = new PlumblineError('GIT_UNREACHABLE', 'no route', { retry: 'transient' });
  await engine.pass(levels.refresh);
  expect(engine.operationState?.phase).toBe('Running');
});

it('drives a replacing operation of the same second by its own request', async () => {
  const engine = await startEngine({
    objects: [configMap('a'), configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' })],
  });
  engine.cluster.put(owned(configMap('old')));
  engine.live.health['a'] = 'Progressing';
  await engine.sync();
  await engine.pass();
  await engine.sync({ prune: true });
  engine.live.health['a'] = 'Healthy';
  await engine.pass();
  expect(engine.results['old']).toBe('Pruned');
});

it('renders Secrets again that have gone from the cache', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'aHVzaA==' } };
  const engine = await startEngine({ objects: [secret] });
  await engine.pass();
  engine.repository.cache.values.clear();
  await engine.sync();
  await engine.pass(levels.compare);
  expect(engine.operationState?.phase).toBe('Succeeded');
});

it('reports although the server cannot answer a dry run now', async () => {
  const engine = await startEngine({ objects: [configMap('a'), configMap('b', '2')] });
  engine.cluster.put(owned(configMap('b')));
  const down = new PlumblineError('KUBE_UNAVAILABLE', 'webhook down', { retry: 'transient' });
  engine.cluster.refusals.set('dry-run ConfigMap/b', down);
  await engine.pass();
  expect(engine.status.conditions).toMatchObject([{ type: 'ComparisonError' }]);
});

it('pins the revisions of an operation by source, those that only give files included', async () => {
  const values = { repoURL: 'https://git.example.com/values.git', ref: 'values', targetRevision: 'main' };
  const chart = { repoURL: 'https://git.example.com/shop.git', path: 'web', targetRevision: 'main' };
  const app = shop();
  const { source: _source, ...spec } = app.spec;
  const engine = await startEngine({ app: { ...app, spec: { ...spec, sources: [values, chart] } } });
  engine.repository.push(revisionB, []);
  engine.repository.revisions.set(revisionA, [configMap('a')]);
  await engine.sync({ revisions: [revisionB, revisionA] });
  await engine.pass();
  expect(engine.repository.log).toContain('render aaaa');
});

it('does not resume an operation that was resting when a person asked for the same again', async () => {
  const engine = await startEngine({ objects: [configMap('a')] });
  engine.cluster.refusals.set('dry-run ConfigMap/a', new PlumblineError('KUBE_INVALID', 'no'));
  await engine.sync({}, { retry: { limit: 2 } });
  await engine.pass();
  engine.cluster.refusals.clear();
  await engine.sync({}, { retry: { limit: 2 } });
  await engine.pass();
  expect(engine.operationState?.phase).toBe('Succeeded');
});

it('after a restart waits for Git before it gives an operation up', async () => {
  const second = configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' });
  const engine = await startEngine({ objects: [configMap('a'), second] });
  engine.live.health['a'] = 'Progressing';
  await engine.sync();
  await engine.pass();
  engine.restart();
  engine.repository.failure = new PlumblineError('GIT_UNREACHABLE', 'no route', { retry: 'transient' });
  await engine.pass();
  expect(engine.operationState?.phase).toBe('Running');
});

it('does not leave an operation in the resource that a user took back', async () => {
  const engine = await startEngine({
    objects: [configMap('a'), configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' })],
  });
  engine.live.health['a'] = 'Progressing';
  await engine.sync();
  await engine.pass();
  await engine.edit({ operation: null });
  await engine.pass();
  expect(engine.operationState?.phase).not.toBe('Running');
});
