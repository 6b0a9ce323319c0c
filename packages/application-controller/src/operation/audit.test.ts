import { ownAnnotations } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { configMap, owned, revisionA } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';
import { auditRecord } from './audit.ts';

describe('the record of an operation', () => {
  it('tells who, what plan, and of each object what it was before and after', async () => {
    const engine = await startEngine({ objects: [configMap('a', '2'), configMap('new')] });
    engine.cluster.put(owned(configMap('a', '1')));
    engine.cluster.put(owned(configMap('gone')));
    await engine.sync({ prune: true }, { initiatedBy: { username: 'ann' } });
    const pass = await engine.pass();
    const state = engine.operationState as NonNullable<typeof engine.operationState>;
    const record = auditRecord(pass, state) as { writes: Record<string, string>[] };
    const digest = expect.stringMatching(/^[0-9a-f]{16}$/);
    expect(record).toMatchObject({ by: 'ann', plan: digest, revisions: [revisionA], phase: 'Succeeded' });
    expect([...record.writes].sort((x, y) => String(x['object']).localeCompare(String(y['object'])))).toEqual([
      { object: '/ConfigMap/web/a', action: 'apply', before: digest, after: digest },
      { object: '/ConfigMap/web/gone', action: 'prune', before: digest },
      { object: '/ConfigMap/web/new', action: 'apply', after: digest },
    ]);
    const kept: unknown = JSON.parse(engine.app.metadata.annotations?.[ownAnnotations.operations] ?? '[]');
    expect(kept).toMatchObject([{ by: 'ann', plan: digest, phase: 'Succeeded', writes: { apply: 2, prune: 1 } }]);
  });

  it('knows numbers that JavaScript cannot hold', async () => {
    const large = { ...configMap('large'), data: { number: 9007199254740993n as unknown as string } };
    const engine = await startEngine({ objects: [large] });
    await engine.sync({}, { initiatedBy: { username: 'ann' } });
    const record = auditRecord(await engine.pass(), engine.operationState as NonNullable<typeof engine.operationState>);
    expect(record).toMatchObject({ writes: [{ object: '/ConfigMap/web/large', after: expect.any(String) }] });
  });
});
