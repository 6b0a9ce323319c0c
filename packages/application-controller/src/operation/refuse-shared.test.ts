import { describe, expect, it } from 'vitest';
import { configMap, owned } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';

const option = { syncOptions: ['FailOnSharedResource=true'] };

describe('an object that another Application has', () => {
  it('fails the operation where that is asked for, before anything is written', async () => {
    const engine = await startEngine({ objects: [configMap('a', '2'), configMap('b')] });
    engine.cluster.put(owned(configMap('a'), 'other'));
    await engine.sync(option);
    await engine.pass();
    expect(engine.operationState).toMatchObject({
      phase: 'Failed',
      message: 'Shared resource found: ConfigMap/a is part of applications shop and other',
    });
    expect(engine.cluster.log.filter((line) => line.startsWith('apply'))).toEqual([]);
  });

  it('is taken over otherwise', async () => {
    const engine = await startEngine({ objects: [configMap('a', '2')] });
    engine.cluster.put(owned(configMap('a'), 'other'));
    await engine.sync();
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
  });

  it('is no trouble where nobody else has one', async () => {
    const engine = await startEngine({ objects: [configMap('a')] });
    await engine.sync(option);
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
  });
});
