import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { AppRuntime } from '../app-runtime.ts';
import { Engine, startEngine } from '../test-support/engine.ts';

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: { group: 'example.org', names: { kind: 'Widget', plural: 'widgets' }, scope: 'Namespaced', versions: [] },
};

/** The controller knows one more Application, `team_other`, with these objects. */
async function beside(engine: Engine, objects: KubeObject[]) {
  const other = new Engine({ objects });
  await other.store.start();
  const runtime = new AppRuntime();
  other.runtime = runtime;
  await other.pass();
  const { target } = runtime;
  if (target) runtime.target = { ...target, facts: { ...target.facts, application: 'team_other' } };
  const refreshed: string[] = [];
  engine.others = { runtimes: () => [['team/other', runtime]], refresh: (key) => refreshed.push(key) };
  return refreshed;
}

it('tells of a definition that two Applications bring, and has the other one told, once', async () => {
  const engine = await startEngine({ objects: [definition] });
  const refreshed = await beside(engine, [definition]);
  await engine.pass();
  await engine.pass();
  expect(engine.status.conditions).toMatchObject([
    {
      type: 'SharedResourceWarning',
      message: 'CustomResourceDefinition/widgets.example.org is part of applications shop and team/other',
    },
  ]);
  expect(refreshed).toEqual(['team/other']);
});

it('stops to tell when the other one does not bring it any more', async () => {
  const engine = await startEngine({ objects: [definition] });
  await beside(engine, [definition]);
  await engine.pass();
  const refreshed = await beside(engine, []);
  await engine.pass();
  expect(engine.status.conditions ?? []).toEqual([]);
  expect(refreshed).toEqual(['team/other']);
});
