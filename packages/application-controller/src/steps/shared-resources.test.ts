import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, owned, revisionA, revisionB } from '../test-support/builders.ts';
import { Engine, startEngine } from '../test-support/engine.ts';
import { moveMs } from './shared-resources.ts';

const message = 'ConfigMap/a is part of applications shop and other';
const warnings = ({ status }: Engine) =>
  (status.conditions ?? []).filter(({ type }) => type === 'SharedResourceWarning').map((item) => item.message);

/** `shop` has `a` in its sources, and so may have another Application, whose mark the live object bears. */
async function sharing(objects: readonly KubeObject[], revision = revisionA, repoURL?: string) {
  const engine = await startEngine({ objects: [configMap('a')] });
  engine.cluster.put(owned(configMap('a'), 'other'));
  const other = new Engine();
  await other.store.start();
  other.repository.push(revision, [...objects]);
  await other.pass();
  const { target } = other.runtime;
  if (target) {
    const sources = target.sources.map((source) => ({ ...source, repoURL: repoURL ?? source.repoURL }));
    other.runtime.target = { ...target, sources, facts: { ...target.facts, application: 'other' } };
  }
  const asked: string[] = [];
  engine.others = { runtimes: () => [['argocd/other', other.runtime]], refresh: (key) => asked.push(key) };
  return { engine, asked, other };
}

describe('an object that is live as another Application’s is told of at once', () => {
  it('where both render it at the same revision', async () => {
    const { engine, asked } = await sharing([configMap('a')]);
    await engine.pass();
    expect(warnings(engine)).toEqual([message]);
    expect(asked).toEqual([]);
  });

  it('where both render it from different repositories', async () => {
    const { engine } = await sharing([configMap('a')], revisionB, 'https://git.example.com/other.git');
    await engine.pass();
    expect(warnings(engine)).toEqual([message]);
  });

  it('but no more in the pass whose sync takes it over', async () => {
    const { engine } = await sharing([configMap('a')]);
    await engine.sync();
    await engine.pass();
    expect(engine.operationState?.phase).toBe('Succeeded');
    expect(engine.status.sync?.status).toBe('Synced');
    expect(warnings(engine)).toEqual([]);
  });

  it('where there is no Application of that name', async () => {
    const { engine } = await sharing([]);
    engine.others = { runtimes: () => [], refresh: () => {} };
    engine.knows = () => false;
    await engine.pass();
    expect(warnings(engine)).toEqual([message]);
  });
});

describe.each([
  ['has not seen the revision yet', [configMap('a')], revisionB],
  ['does not render it any more', [], revisionA],
] as const)('an object whose live owner %s', (_case, objects, revision) => {
  it('may be on its way: nobody is alarmed, the owner is asked once, and it is looked at again', async () => {
    const { engine, asked } = await sharing(objects, revision);
    const pass = await engine.pass();
    await engine.pass();
    expect(warnings(engine)).toEqual([]);
    expect(asked).toEqual(['argocd/other']);
    expect(pass.later).toContainEqual({ level: levels.compare, ms: moveMs });
    engine.now += 3_000;
    engine.cluster.put(owned(configMap('a')));
    await engine.pass();
    engine.now += moveMs;
    await engine.pass();
    expect(warnings(engine)).toEqual([]);
  });

  it('is told of when that lasts, and from then on, also after a restart', async () => {
    const { engine } = await sharing(objects, revision);
    await engine.pass();
    engine.now += moveMs;
    await engine.pass();
    expect(warnings(engine)).toEqual([message]);
    engine.restart();
    await engine.pass();
    expect(warnings(engine)).toEqual([message]);
  });
});
