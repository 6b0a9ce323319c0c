import { finalizers, ownAnnotations } from '@plumbline/apis';
import { keyOf } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { AppRuntime } from '../app-runtime.ts';
import { finalizeDeletion } from '../steps/finalize-deletion.ts';
import { configMap, owned, revisionA, shop, source } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';

const deletionTimestamp = '2026-01-01T00:00:00Z';
const names = ['a', 'b', 'c', 'd'];

async function going(notes: Record<string, string> = {}): Promise<Engine> {
  const metadata = { finalizers: [finalizers.resources], deletionTimestamp, annotations: notes };
  const engine = await startEngine({ app: shop({ metadata }) });
  for (const name of names) engine.cluster.put(owned(configMap(name)));
  return engine;
}

async function step(engine: Engine) {
  const pass = engine.newPass();
  return { pass, released: await finalizeDeletion(pass, engine.deletionOptions()) };
}

const deletions = ({ cluster }: Engine) => cluster.log.filter((line) => line.startsWith('delete'));

describe('a deletion with cascade', () => {
  it('is its own approval where no budget is set for it', async () => {
    const engine = await going();
    expect((await step(engine)).released).toBe(true);
    expect(deletions(engine)).toHaveLength(4);
  });

  it('beyond its budget waits for an approval of just what it takes', async () => {
    const engine = await going({ [ownAnnotations.cascadeBudget]: '3' });
    const { pass, released } = await step(engine);
    expect([released, deletions(engine)]).toEqual([false, []]);
    const [{ message } = { message: '' }] = pass.findings;
    expect(message).toMatch(/^waiting for an approval of 4 deletions \(4 ConfigMap\)/);
    const digest = /approve shop ([0-9a-f]{16})/.exec(message)?.[1] ?? '';
    await engine.edit({ metadata: { annotations: { [ownAnnotations.deletionApproved]: digest } } });
    expect((await step(engine)).released).toBe(true);
    expect(deletions(engine)).toHaveLength(4);
  });

  it('asks the others first, and leaves to another Application what that one renders now', async () => {
    const engine = await going();
    const pass = engine.newPass();
    const runtime = new AppRuntime();
    const targets = [owned(configMap('b'), 'store')].map((object) => ({
      key: keyOf(object),
      object,
      namespaced: true,
    }));
    const facts = { ...(pass.facts as NonNullable<typeof pass.facts>), application: 'store' };
    const state = {
      revisions: [revisionA],
      sourceTypes: [],
      parts: [],
      targets,
      repeated: [],
      excluded: [],
      warnings: [],
    };
    runtime.target = { key: '', state, facts, sources: [source], server: engine.cluster.server };
    engine.others.runtimes = () => [['argocd/store', runtime]];
    const asked: string[] = [];
    engine.others.refresh = (key) => asked.push(key);
    expect([(await step(engine)).released, asked, deletions(engine)]).toEqual([false, ['argocd/store'], []]);
    runtime.resolvedAt = engine.now + 1;
    expect((await step(engine)).released).toBe(true);
    expect(deletions(engine)).toHaveLength(3);
    expect(engine.live.managedBy('store').map(({ key }) => key.name)).toEqual(['b']);
  });
});
