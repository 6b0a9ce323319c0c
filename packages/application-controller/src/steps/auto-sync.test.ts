import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, owned, revisionA, revisionB, shop } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';
import { testSettings } from '../test-support/settings.ts';

const automated = shop({
  spec: {
    project: 'default',
    source: shop().spec.source,
    destination: shop().spec.destination,
    syncPolicy: { automated: { prune: true, selfHeal: true } },
  },
});

const dataOf = (engine: Engine) => engine.cluster.objects.get('/ConfigMap/web/a')?.['data'];

function drift(engine: Engine, value: string): void {
  engine.cluster.put(owned(configMap('a', value)));
}

async function synced() {
  const engine = await startEngine({ app: automated, objects: [configMap('a')] });
  await engine.pass();
  return engine;
}

describe('automation', () => {
  it('syncs what is new, in the pass that sees it', async () => {
    const engine = await synced();
    expect(engine.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: { initiatedBy: { automated: true }, sync: { revision: revisionA, prune: true }, retry: { limit: 5 } },
    });
    engine.repository.push(revisionB, [configMap('a', '2')]);
    await engine.pass(levels.refresh);
    expect(dataOf(engine)).toEqual({ key: '2' });
    expect(engine.status.history).toHaveLength(2);
  });

  it('leaves an Application without a policy alone', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.pass();
    expect(engine.operationState).toBeUndefined();
    expect(engine.status.sync?.status).toBe('OutOfSync');
  });

  it('does not delete everything', async () => {
    const engine = await synced();
    engine.repository.push(revisionB, []);
    await engine.pass(levels.refresh);
    expect(dataOf(engine)).toEqual({ key: '1' });
    expect(engine.status.conditions).toMatchObject([
      { type: 'SyncError', message: expect.stringContaining('auto-sync will wipe out all resources') },
    ]);
  });

  it('does not repeat what has failed, and says so', async () => {
    const engine = await synced();
    const state = { ...engine.operationState, phase: 'Failed', message: 'port 70000' };
    await engine.edit({ status: { operationState: state } });
    drift(engine, 'x');
    await engine.pass();
    expect(engine.status.conditions).toMatchObject([
      { type: 'SyncError', message: expect.stringContaining('Failed last sync attempt') },
    ]);
    expect(dataOf(engine)).toEqual({ key: 'x' });
  });
});

describe('self-heal', () => {
  it('mends drift at once, without an entry in the history', async () => {
    const engine = await synced();
    for (const value of ['x', 'y', 'z']) {
      drift(engine, value);
      await engine.pass();
      expect(dataOf(engine)).toEqual({ key: '1' });
      engine.now += 1_000;
    }
    expect(engine.operationState?.operation.sync).toMatchObject({
      autoHealAttemptsCount: 3,
      resources: [{ kind: 'ConfigMap', name: 'a', namespace: 'web' }],
    });
    expect(engine.status.history).toHaveLength(1);
  });

  it('brings back metadata of the namespace that the Application manages', async () => {
    const policy = {
      automated: { selfHeal: true },
      syncOptions: ['CreateNamespace=true'],
      managedNamespaceMetadata: { labels: { team: 'red' } },
    };
    const app = shop({ spec: { ...automated.spec, syncPolicy: policy } });
    const engine = await startEngine({ app, objects: [configMap('a')] });
    await engine.pass();
    const labels = () => engine.cluster.objects.get('/Namespace//web')?.metadata.labels;
    expect(labels()).toEqual({ team: 'red' });
    engine.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web', labels: { team: 'blue' } } });
    await engine.pass();
    expect(labels()).toEqual({ team: 'red' });
  });

  it('takes more and more time where one object is changed again and again', async () => {
    const engine = await synced();
    const waits: number[] = [];
    for (let heal = 0; heal < 8; heal += 1) {
      drift(engine, `drift ${heal}`);
      const pass = await engine.pass();
      const wait = pass.later.find(({ level }) => level === levels.compare)?.ms ?? 0;
      waits.push(wait);
      engine.now += wait;
      if (wait > 0) await engine.pass();
      expect(dataOf(engine)).toEqual({ key: '1' });
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 2_000, 6_000, 18_000]);
  });

  it('mends other objects at once while one is fought over', async () => {
    const engine = await startEngine({ app: automated, objects: [configMap('a'), configMap('b')] });
    await engine.pass();
    for (let heal = 0; heal < 5; heal += 1) {
      drift(engine, `drift ${heal}`);
      await engine.pass();
    }
    engine.cluster.put(owned(configMap('b', 'x')));
    await engine.pass();
    expect(engine.cluster.objects.get('/ConfigMap/web/b')).toMatchObject({ data: { key: '1' } });
  });

  it('forgets the fight when there was peace for five minutes', async () => {
    const engine = await synced();
    for (let heal = 0; heal < 5; heal += 1) {
      drift(engine, `drift ${heal}`);
      await engine.pass();
    }
    engine.now += 300_000;
    drift(engine, 'again');
    await engine.pass();
    expect(dataOf(engine)).toEqual({ key: '1' });
  });

  it('waits as long as the settings say, where they name a fixed time', async () => {
    const engine = await synced();
    engine.settings = testSettings({
      selfHeal: { timeoutMs: 7_000, backoff: { durationMs: 0, factor: 1, capMs: 300_000 } },
    });
    drift(engine, 'x');
    const pass = await engine.pass();
    expect(pass.later).toContainEqual({ level: levels.compare, ms: 7_000 });
    engine.now += 7_000;
    await engine.pass();
    expect(dataOf(engine)).toEqual({ key: '1' });
  });
});
