import { configMap } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { resultOf } from '../fixture/consequences.ts';
import { given } from '../fixture/context.ts';
import { at, condition, health, healthy, operation, outOfSync, synced, untroubled } from '../fixture/expectations.ts';
import { gate, inWave } from '../fixture/objects.ts';

const two = { 'one.yaml': configMap('one'), 'two.yaml': configMap('two') };
/** Well-formed, but the API server refuses it. */
const refused = { ...gate('refused'), spec: { ports: [{ port: 70_000 }] } };

describe.concurrent('a sync over REST', () => {
  test('deploys, and leaves results and history', async () => {
    await using context = await given(two);
    const app = await context.application();
    const { status } = await app.becomes(outOfSync, health('Missing'));
    await app.sync();
    const state = await app.completes();
    expect(state).toMatchObject({
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
      operation: { initiatedBy: { username: 'admin' } },
      syncResult: { revision: status?.sync?.revision },
    });
    expect(resultOf(state, 'ConfigMap', 'one')).toMatchObject({ status: 'Synced', syncPhase: 'Sync' });
    const after = await app.becomes(synced, healthy);
    expect(after.status?.history).toMatchObject([{ id: 0, initiatedBy: { username: 'admin' } }]);
  });

  test('of chosen objects leaves the others and writes no history', async () => {
    await using context = await given(two);
    const app = await context.application();
    await app.becomes(outOfSync);
    await app.sync({ resources: [{ kind: 'ConfigMap', name: 'two', namespace: context.namespace }] });
    expect(await app.completes()).toMatchObject({ phase: 'Succeeded' });
    expect(await context.live('ConfigMap', 'one')).toBeNull();
    expect(await context.live('ConfigMap', 'two')).not.toBeNull();
    expect((await app.becomes(outOfSync)).status?.history ?? []).toEqual([]);
  });

  test('as a dry run changes nothing', async () => {
    await using context = await given(two);
    const app = await context.application();
    await app.becomes(outOfSync);
    await app.sync({ dryRun: true });
    const state = await app.completes();
    expect(state.phase).toBe('Succeeded');
    expect(resultOf(state, 'ConfigMap', 'one')?.message).toContain('dry run');
    expect(await context.live('ConfigMap', 'one')).toBeNull();
    expect((await app.becomes(outOfSync)).status?.history ?? []).toEqual([]);
  });

  test('can go back to an earlier revision', async () => {
    await using context = await given();
    const first = await context.commit({ 'a.yaml': configMap('a', { version: '1' }) });
    const second = await context.commit({ 'a.yaml': configMap('a', { version: '2' }) });
    const app = await context.application();
    await app.becomes(outOfSync, at(second));
    await app.sync({ revision: first });
    expect(await app.completes()).toMatchObject({ phase: 'Succeeded', syncResult: { revision: first } });
    expect(await context.live('ConfigMap', 'a')).toMatchObject({ data: { version: '1' } });
    await app.becomes(outOfSync, at(second));
  });

  test('is refused while another one runs, which can be terminated', async () => {
    await using context = await given({ 'gate.yaml': gate('gate'), 'next.yaml': inWave(1, configMap('next')) });
    const app = await context.application();
    await app.becomes(outOfSync);
    await app.sync();
    await app.becomes(operation('Running', 'gate'));
    await expect(app.sync()).rejects.toThrow('another operation is already in progress');
    await app.terminate();
    expect(await app.completes()).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(await context.live('ConfigMap', 'next')).toBeNull();
    await expect(app.terminate()).rejects.toThrow(/no operation/i);
  });
});

describe.concurrent('a sync that fails', () => {
  test('names the object and what the API server said', async () => {
    await using context = await given({ 'a.yaml': [refused, inWave(1, configMap('next'))] });
    const app = await context.application();
    await app.becomes(outOfSync);
    await app.sync();
    const state = await app.completes();
    expect(state.phase).toBe('Failed');
    expect(resultOf(state, 'Service', 'refused')).toMatchObject({
      status: 'SyncFailed',
      message: expect.stringContaining('between 1 and 65535'),
    });
    expect(await context.live('ConfigMap', 'next')).toBeNull();
  });

  test('is tried again with back-off until it works', async () => {
    await using context = await given();
    const namespace = `${context.namespace}-later`;
    await context.commit({ 'a.yaml': { ...configMap('a'), metadata: { name: 'a', namespace } } });
    const app = await context.application();
    await app.becomes(outOfSync);
    await app.sync({ retryStrategy: { limit: 20, backoff: { duration: '1s', factor: 1 } } });
    const waiting = await app.becomes(operation('Running', /Retrying attempt #\d+ at/));
    expect(waiting.status?.operationState?.retryCount).toBeGreaterThan(0);
    await context.kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    expect(await app.completes()).toMatchObject({ phase: 'Succeeded' });
    await context.kube.delete(
      { apiVersion: 'v1', kind: 'Namespace', name: namespace },
      { propagationPolicy: 'Background' },
    );
  });

  test('ends when its retries are used up', async () => {
    await using context = await given({ 'a.yaml': refused });
    const app = await context.application();
    await app.becomes(outOfSync);
    await app.sync({ retryStrategy: { limit: 1, backoff: { duration: '1s', factor: 1 } } });
    const state = await app.completes();
    expect(state).toMatchObject({
      phase: 'Failed',
      retryCount: 1,
      message: expect.stringContaining('(retried 1 times)'),
    });
  });

  test('by automation is told by a condition and waits for another commit', async () => {
    await using context = await given({ 'a.yaml': [configMap('a'), refused] });
    const policy = { automated: { selfHeal: true }, retry: { limit: 0 } };
    const app = await context.application({ spec: { syncPolicy: policy } });
    const { status } = await app.becomes(operation('Failed'), condition('SyncError', 'Failed last sync attempt'));
    const finished = status?.operationState?.finishedAt;
    await app.refresh();
    await app.stays({ what: 'at rest', holds: (now) => now.status?.operationState?.finishedAt === finished });
    const revision = await context.commit({ 'a.yaml': configMap('a') });
    await app.refresh();
    await app.becomes(synced, at(revision), untroubled);
  });
});
