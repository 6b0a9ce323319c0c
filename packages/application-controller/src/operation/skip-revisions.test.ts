import { ownAnnotations } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, revisionA, revisionB, shop } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';

const automated = { syncPolicy: { automated: {} } };

async function engineSkipping(skip: object) {
  const annotations = { [ownAnnotations.skipRevisions]: JSON.stringify({ revisions: [revisionB], ...skip }) };
  const spec = { ...shop().spec, ...automated };
  const engine = await startEngine({ app: shop({ spec, metadata: { annotations } }), objects: [configMap('a')] });
  await engine.pass();
  engine.repository.push(revisionB, [configMap('a', 'bad')]);
  return engine;
}

describe('revisions that a rollback left behind', () => {
  it('are skipped by automation, which says for whom and why, until another one is there', async () => {
    const engine = await engineSkipping({ by: 'ann', reason: 'it broke' });
    await engine.pass(levels.refresh);
    expect(engine.operationState?.syncResult?.revision).toBe(revisionA);
    expect(engine.status.conditions).toMatchObject([
      {
        type: 'RevisionSkippedWarning',
        message: `automation skips revision ${revisionB} until a later one is there (asked for by ann: it broke)`,
      },
    ]);
    engine.repository.push('c'.repeat(40), [configMap('a', 'good')]);
    await engine.pass(levels.refresh);
    expect(engine.operationState?.syncResult?.revision).toBe('c'.repeat(40));
    expect(engine.status.conditions).toBeUndefined();
  });

  it('are taken up again when the time is over', async () => {
    const engine = await engineSkipping({ expires: '2026-01-01T01:00:00Z' });
    const waiting = await engine.pass(levels.refresh);
    expect(waiting.later).toContainEqual({ level: levels.compare, ms: 3_600_000 });
    engine.now += 3_600_000;
    await engine.pass(levels.refresh);
    expect(engine.operationState?.syncResult?.revision).toBe(revisionB);
  });
});
