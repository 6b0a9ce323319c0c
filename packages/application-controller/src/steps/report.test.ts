import { annotations } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, owned, revisionA } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';

const patchLine = 'patch Application/shop';
const patches = (log: readonly string[]) => log.filter((line) => line === patchLine);

/** Somebody changes the Application just before the controller's next patch arrives. */
function meanwhile(engine: Awaited<ReturnType<typeof startEngine>>, patch: Record<string, unknown>): void {
  engine.cluster.before = (line) => {
    if (line !== patchLine) return;
    engine.cluster.before = () => {};
    void engine.edit(patch);
  };
}

describe('the report of a pass', () => {
  it('is one patch, and none where nothing changed', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.pass();
    expect(patches(engine.cluster.log)).toHaveLength(1);
    expect(engine.status).toMatchObject({
      sync: { status: 'OutOfSync', revision: revisionA, comparedTo: { source: { path: 'web' } } },
      health: { status: 'Missing' },
      resources: [{ kind: 'ConfigMap', namespace: 'web', name: 'a', status: 'OutOfSync' }],
      sourceType: 'Directory',
      controllerNamespace: 'argocd',
    });
    await engine.pass();
    await engine.pass(levels.tree);
    expect(patches(engine.cluster.log)).toHaveLength(1);
  });

  it('shows the first comparison before a large sync writes its first object', async () => {
    const engine = await startEngine({ objects: Array.from({ length: 30 }, (_, index) => configMap(`c${index}`)) });
    await engine.sync();
    let shown: string | undefined;
    engine.cluster.before = (line) => {
      if (line === 'apply ConfigMap/c0') shown ??= `${engine.status.sync?.status} ${engine.operationState?.phase}`;
    };
    await engine.pass();
    expect(shown).toBe('OutOfSync Running');
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(patches(engine.cluster.log)).toHaveLength(2);
  });

  it('is made again from the newer version where the Application changed meanwhile', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    meanwhile(engine, { metadata: { labels: { team: 'web' } } });
    await engine.pass();
    expect(patches(engine.cluster.log)).toHaveLength(2);
    expect(engine.app.metadata.labels).toEqual({ team: 'web' });
    expect(engine.status.sync?.status).toBe('OutOfSync');
  });

  it('leaves an operation alone that somebody asked for meanwhile', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    meanwhile(engine, { operation: { sync: { prune: true } } });
    await engine.pass();
    expect(engine.app.operation).toEqual({ sync: { prune: true } });
    expect(engine.operationState).toBeUndefined();
    await engine.pass();
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', operation: { sync: { prune: true } } });
  });

  it('leaves another operation alone that replaced the one it ended', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.sync();
    meanwhile(engine, { operation: { sync: { prune: true } }, status: { operationState: null } });
    await engine.pass();
    expect(engine.app.operation).toEqual({ sync: { prune: true } });
    expect(engine.operationState).toBeUndefined();
  });

  it('does not bring back an Application that is gone, nor write to one made anew', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'shop' };
    engine.cluster.before = (line) => {
      if (line === patchLine) engine.cluster.remove(ref);
    };
    await engine.pass();
    expect(engine.cluster.objects.size).toBe(0);
  });

  it('takes the refresh annotation off when the sources were resolved', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.pass();
    await engine.edit({ metadata: { annotations: { [annotations.refresh]: 'normal', other: 'stays' } } });
    await engine.pass(levels.compare);
    expect(engine.app.metadata.annotations).toEqual({ [annotations.refresh]: 'normal', other: 'stays' });
    await engine.pass(levels.force);
    expect(engine.app.metadata.annotations).toEqual({ other: 'stays' });
  });

  it('is Unknown about everything where the target is not known', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    engine.cluster.put(owned(configMap('a')));
    engine.repository.failure = new Error('no route');
    await engine.pass();
    expect(engine.status).toMatchObject({
      sync: { status: 'Unknown' },
      conditions: [{ type: 'ComparisonError', message: expect.stringContaining('no route') }],
      resources: [{ name: 'a', status: 'Unknown' }],
    });
  });
});
