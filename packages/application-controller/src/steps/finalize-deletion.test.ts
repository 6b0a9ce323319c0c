import { annotations, finalizers } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import type { DeletionOptions } from '../deletion/deletion-stage.ts';
import type { Pass } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, owned, shop } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';
import { finalizeDeletion } from './finalize-deletion.ts';

const deletionTimestamp = '2026-01-01T00:00:00Z';

async function going(objects: KubeObject[], held: string[] = [finalizers.resources], more: object = {}) {
  const app = shop({ metadata: { finalizers: held, deletionTimestamp, ...more } });
  const engine = await startEngine({ app });
  for (const object of objects) engine.cluster.put(object);
  return engine;
}

async function step(engine: Engine, change: (pass: Pass) => void = () => {}) {
  const pass = engine.newPass();
  change(pass);
  const released = await finalizeDeletion(pass, engine.deletionOptions());
  return { pass, released };
}

const inWave = (name: string, wave: string) => owned(configMap(name, '1', { [annotations.syncWave]: wave }));
const heldBack = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, finalizers: ['example.org/slow'] },
});
const deletions = (log: readonly string[]) => log.filter((line) => line.startsWith('delete'));
const isGone = ({ cluster }: Engine) => !cluster.objects.has('argoproj.io/Application/argocd/shop');

describe('a deletion with cascade', () => {
  it('takes the waves from the highest to the lowest, then lets the Application go', async () => {
    const engine = await going([inWave('a', '0'), inWave('b', '5'), inWave('c', '-1'), owned(configMap('x'), 'other')]);
    expect((await step(engine)).released).toBe(true);
    expect(deletions(engine.cluster.log)).toEqual([
      'delete Background ConfigMap/b',
      'delete Background ConfigMap/a',
      'delete Background ConfigMap/c',
    ]);
    expect([...engine.cluster.objects.values()].map(({ metadata }) => metadata.name)).toEqual(['x']);
  });

  it('waits until a wave is gone, and asks for nothing twice', async () => {
    const engine = await going([inWave('a', '0'), heldBack(inWave('b', '5'))]);
    const { released, pass } = await step(engine);
    expect(released).toBe(false);
    expect(pass.later).toEqual([{ level: levels.compare, ms: 5_000 }]);
    await step(engine);
    expect(deletions(engine.cluster.log)).toEqual(['delete Background ConfigMap/b']);
    engine.cluster.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'web', name: 'b' });
    expect((await step(engine)).released).toBe(true);
    expect(isGone(engine)).toBe(true);
  });

  it.each([
    [finalizers.resources, 'Foreground'],
    [finalizers.resourcesForeground, 'Foreground'],
    [finalizers.resourcesBackground, 'Background'],
  ])('by %s deletes what may have dependents in the %s', async (finalizer, propagation) => {
    const deployment = owned({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } });
    const engine = await going([deployment], [finalizer]);
    await step(engine);
    expect(deletions(engine.cluster.log)).toEqual([`delete ${propagation} Deployment/web`]);
  });

  it('keeps what is to be kept', async () => {
    const kept = owned(configMap('kept', '1', { [annotations.syncOptions]: 'Delete=false' }));
    const engine = await going([kept, owned(configMap('a'))]);
    expect((await step(engine)).released).toBe(true);
    const left = [...engine.cluster.objects.values()].filter(({ kind }) => kind !== 'Event');
    expect(left.map(({ metadata }) => metadata.name)).toEqual(['kept']);
  });

  it('waits for a confirmation, and says of what', async () => {
    const careful = owned(configMap('careful', '1', { [annotations.syncOptions]: 'Delete=confirm' }));
    const engine = await going([careful, owned(configMap('a'))]);
    const { released, pass } = await step(engine);
    expect(released).toBe(false);
    expect(pass.findings).toMatchObject([{ type: 'DeletionError', message: expect.stringContaining('careful') }]);
    expect(deletions(engine.cluster.log)).toEqual([]);
    await engine.edit({ metadata: { annotations: { [annotations.deletionApproved]: '2026-01-01T00:00:01Z' } } });
    expect((await step(engine)).released).toBe(true);
  });

  it('says what cannot be deleted, and keeps the Application', async () => {
    const engine = await going([owned(configMap('a')), owned(configMap('b'))]);
    engine.cluster.refusals.set('delete Background ConfigMap/a', new PlumblineError('KUBE_FORBIDDEN', 'not yours'));
    const { released, pass } = await step(engine);
    expect(released).toBe(false);
    expect(pass.findings).toEqual([
      { type: 'DeletionError', message: expect.stringMatching(/a cannot be deleted: not yours/) },
    ]);
    expect([...engine.cluster.objects.keys()]).not.toContain('/ConfigMap/web/b');
  });

  it('leaves an object alone that was made anew under the name', async () => {
    const engine = await going([owned(configMap('a'))]);
    engine.cluster.before = (line) => {
      if (!line.startsWith('delete')) return;
      engine.cluster.before = () => {};
      engine.cluster.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'web', name: 'a' });
      engine.cluster.put({ ...configMap('a'), metadata: { name: 'a', namespace: 'web' } });
    };
    await step(engine);
    expect([...engine.cluster.objects.keys()]).toContain('/ConfigMap/web/a');
  });
});

describe('the Application is let go at once', () => {
  it('without a finalizer of ours', async () => {
    const engine = await going([owned(configMap('a'))], ['example.org/other']);
    expect((await step(engine)).released).toBe(true);
    expect(engine.cluster.log).toEqual([]);
  });

  it('where it does not cascade', async () => {
    const engine = await going([owned(configMap('a'))], [finalizers.postDelete]);
    await step(engine);
    expect(deletions(engine.cluster.log)).toEqual([]);
    expect(isGone(engine)).toBe(true);
  });

  it('where its destination does not exist', async () => {
    const engine = await going([owned(configMap('a'))]);
    const { released } = await step(engine, (pass) => {
      pass.destination = undefined;
      pass.findings.push({ type: 'InvalidSpecError', message: 'no such cluster' });
    });
    expect(released).toBe(true);
    expect(isGone(engine)).toBe(true);
    expect(engine.cluster.objects.has('/ConfigMap/web/a')).toBe(true);
  });
});

it('keeps the Application while its destination cannot be reached', async () => {
  const engine = await going([]);
  const { released } = await step(engine, (pass) => {
    pass.destination = undefined;
    pass.findings.push({ type: 'ComparisonError', message: 'no route' });
  });
  expect(released).toBe(false);
  expect(isGone(engine)).toBe(false);
});

it('keeps finalizers of others', async () => {
  const engine = await going([], [finalizers.resources, 'example.org/other']);
  expect((await step(engine)).released).toBe(true);
  expect(engine.app.metadata.finalizers).toEqual(['example.org/other']);
});

describe('hooks that are left when an Application goes', () => {
  const held = (): KubeObject => {
    const hook = owned(configMap('hook', '1', { [annotations.hook]: 'PreSync' }));
    return { ...hook, metadata: { ...hook.metadata, finalizers: [finalizers.hook] } };
  };

  it('are let go as the user that the project names', async () => {
    const engine = await going([held()], [finalizers.postDeleteCleanup]);
    const users: string[] = [];
    const acting: NonNullable<DeletionOptions['acting']> = (_pass, destination) => {
      users.push('deployer');
      return destination;
    };
    await finalizeDeletion(engine.newPass(), { ...engine.deletionOptions(), acting });
    expect(users).toEqual(['deployer']);
    expect(engine.cluster.objects.get('/ConfigMap/web/hook')?.metadata.finalizers ?? []).toEqual([]);
  });

  it('hold the deletion up while the project names none', async () => {
    const engine = await going([held()], [finalizers.postDeleteCleanup]);
    const acting = () => {
      throw new PlumblineError('IMPERSONATION_ACCOUNT', 'no service account for the namespace web');
    };
    const pass = engine.newPass();
    expect(await finalizeDeletion(pass, { ...engine.deletionOptions(), acting })).toBe(false);
    expect(pass.findings).toMatchObject([
      { type: 'DeletionError', message: expect.stringContaining('no service account for the namespace web') },
    ]);
  });
});
