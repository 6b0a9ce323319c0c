import { type Application, ownAnnotations } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { configMap, owned, revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';

const skipped = JSON.stringify({ revisions: [revisionB], by: 'ada', reason: 'broken' });
const entry = (id: number, revision: string) => ({ id, revision, deployedAt: '2026-01-01T00:00:00Z', source });

/** Rolled back from revision B to A, where the map says `good`; what was made since by B is still there. */
async function rolledBack(automated: NonNullable<Application['spec']['syncPolicy']>['automated']): Promise<Engine> {
  const app = shop({
    metadata: { annotations: { [ownAnnotations.skipRevisions]: skipped } },
    spec: { ...shop().spec, syncPolicy: { automated } },
    status: { history: [entry(0, revisionA), entry(1, revisionB), entry(2, revisionA)] } as Application['status'],
  });
  const engine = await startEngine({ app, objects: [configMap('map', 'good')] });
  engine.repository.push(revisionB, [configMap('map', 'bad'), configMap('new')]);
  engine.cluster.put(owned(configMap('map', 'good')));
  engine.cluster.put(owned(configMap('new')));
  return engine;
}

const drift = (engine: Engine) => engine.cluster.put(owned(configMap('map', 'drifted')));
const value = (engine: Engine) => (engine.live.get(mapKey)?.object?.['data'] as { key?: string } | undefined)?.key;
const mapKey = { group: '', kind: 'ConfigMap', namespace: 'web', name: 'map' };

describe('drift while the newest revision is skipped', () => {
  it('is healed to what is deployed, and to nothing else', async () => {
    const engine = await rolledBack({ prune: true, selfHeal: true });
    await engine.pass();
    expect([engine.operationState, value(engine)]).toEqual([undefined, 'good']);
    drift(engine);
    await engine.pass();
    await engine.pass();
    expect(value(engine)).toBe('good');
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', syncResult: { revision: revisionA } });
    expect(
      engine.live
        .managedBy('shop')
        .map(({ key }) => key.name)
        .sort(),
    ).toEqual(['map', 'new']);
    expect(engine.status.sync?.status).toBe('OutOfSync');
  });

  it.each([
    ['without selfHeal', { prune: true }],
    ['where automation is switched off', { selfHeal: true, enabled: false }],
  ])('stays %s', async (_where, automated) => {
    const engine = await rolledBack(automated);
    drift(engine);
    await engine.pass();
    await engine.pass();
    expect(value(engine)).toBe('drifted');
  });

  it('is left to the newest revision again when the pin is over', async () => {
    const engine = await rolledBack({ prune: true, selfHeal: true });
    await engine.edit({ metadata: { annotations: { [ownAnnotations.skipRevisions]: null } } });
    await engine.pass();
    await engine.pass();
    expect(value(engine)).toBe('bad');
  });
});
