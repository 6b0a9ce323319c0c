import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, revisionA, revisionB, shop } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';

const automated = () => {
  const app = shop();
  return { ...app, spec: { ...app.spec, syncPolicy: { automated: { selfHeal: true } } } };
};

/** What the custom resource tells of its operation whenever an object is applied. */
function tellAtWrites(engine: Engine): (string | undefined)[] {
  const told: (string | undefined)[] = [];
  engine.cluster.before = (line) => {
    const { phase, syncResult } = engine.operationState ?? {};
    if (line.startsWith('apply')) told.push(`${phase} ${syncResult?.revision}`);
  };
  return told;
}

const persisted = ({ cluster }: Engine) => cluster.log.splice(0).filter((line) => line === 'persist').length;

describe('the operation state of the custom resource', () => {
  it('names the revision of a first sync before an object is written', async () => {
    const engine = await startEngine({ app: automated(), objects: [configMap('a')] });
    const told = tellAtWrites(engine);
    await engine.pass();
    expect(told).toEqual([`Running ${revisionA}`]);
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('names a new revision before an object of it is written', async () => {
    const engine = await startEngine({ app: automated(), objects: [configMap('a')] });
    await engine.pass();
    engine.repository.push(revisionB, [configMap('a', '2')]);
    const told = tellAtWrites(engine);
    await engine.pass(levels.refresh);
    expect(told).toEqual([`Running ${revisionB}`]);
    expect(engine.operationState).toMatchObject({ phase: 'Succeeded', syncResult: { revision: revisionB } });
  });

  it('is not written once more where the revision of the last sync is healed', async () => {
    const engine = await startEngine({ app: automated(), objects: [configMap('a')] });
    await engine.pass();
    persisted(engine);
    const live = [...engine.cluster.objects.values()].find(({ kind }) => kind === 'ConfigMap');
    engine.cluster.put({ ...live, data: { key: 'drift' } } as unknown as ReturnType<typeof configMap>);
    const told = tellAtWrites(engine);
    engine.now += 60_000;
    await engine.pass();
    expect(told).toEqual([`Succeeded ${revisionA}`]);
    expect(persisted(engine)).toBe(0);
  });
});
