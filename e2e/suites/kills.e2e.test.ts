import { annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { configMap, eventually, testNamespace } from '@plumbline/testing';
import { describe, expect, inject, test } from 'vitest';
import { type Context, clientsOf, given } from '../fixture/context.ts';
import { at, operation, synced } from '../fixture/expectations.ts';
import { ownEngine } from '../fixture/own-engine.ts';

/** Moments of a sync at which the engine is killed, ms after the commit. */
const moments = [0, 300, 900, 1_800];
const count = 30;

/** Uids of the ConfigMaps of the test by name. */
async function uids({ kube, namespace }: Context): Promise<Map<string, string>> {
  const { items } = await kube.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  const own = items.filter(({ metadata }) => metadata.name?.startsWith('map-'));
  return new Map(own.map(({ metadata }) => [metadata.name ?? '', metadata.uid ?? '']));
}

/** The hooks that ran, one entry for each Pod that one of them made. */
async function runsOf({ kube, namespace }: Context): Promise<string[]> {
  const { items } = await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  return items.map(({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-name'] ?? '').sort();
}

/** A PreSync hook; its object stays, so that a second run would be seen as another object or as a failure to make it. */
const hook = (name: string): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name,
    annotations: { [annotations.hook]: 'PreSync', [annotations.hookDeletePolicy]: 'HookFailed' },
  },
  spec: {
    backoffLimit: 0,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'example/job:1' }] } },
  },
});

/** In every round half of the objects change sides, two go, and each side has a hook of its own. */
function filesOf(round: number) {
  const names = Array.from({ length: count }, (_, index) => `map-${index}`).slice(2 * round);
  const side = (index: number) => (index + round) % 2;
  const of = (wanted: number) => names.filter((name) => side(Number(name.slice(4))) === wanted);
  return {
    'a/all.yaml': of(0).map((name) => configMap(name, { round: String(round) })),
    'b/all.yaml': of(1).map((name) => configMap(name, { round: String(round) })),
    'a/hook.yaml': hook(`hook-a-${round}`),
    'b/hook.yaml': hook(`hook-b-${round}`),
  };
}

describe('an engine that is killed at any moment', () => {
  test('loses no object that moves, deletes what goes, and runs no hook twice', { timeout: 240_000 }, async () => {
    const shared = inject('plumblineEngine');
    await using control = await testNamespace((await clientsOf(shared)).kube, 'e2e-control');
    await using own = await ownEngine({ kubeconfig: shared.kubeconfig, namespace: control.name });
    let engine = await own.start();
    await using context = await given(filesOf(0), engine.ready);
    const policy = { spec: { syncPolicy: { automated: { prune: true, selfHeal: true } } } };
    const apps = [
      await context.application({ path: 'a', ...policy }),
      await context.application({ path: 'b', ...policy }),
    ];
    for (const app of apps) await app.becomes(synced, operation('Succeeded'));
    const first = await uids(context);
    expect(first.size).toBe(count);

    for (const [index, moment] of moments.entries()) {
      const revision = await context.commit(filesOf(index + 1));
      for (const app of apps)
        await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } });
      await new Promise((done) => setTimeout(done, moment));
      await engine.kill();
      engine = await own.start();
      for (const app of apps)
        await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } });
      for (const app of apps) await app.becomes(synced, at(revision), operation('Succeeded'));
      const left = [...first].filter(([name]) => Number(name.slice(4)) >= 2 * (index + 1));
      await eventually(async () => (await uids(context)).size === left.length, { what: 'the prunes' });
      expect([...(await uids(context))].sort()).toEqual(left.sort());
    }
    const made = moments.flatMap((_, index) => [`hook-a-${index + 1}`, `hook-b-${index + 1}`]);
    expect(await runsOf(context)).toEqual(['hook-a-0', 'hook-b-0', ...made].sort());
  });
});
