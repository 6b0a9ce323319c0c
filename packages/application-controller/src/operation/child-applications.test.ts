import type { Application } from '@plumbline/apis';
import type { LiveNode } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { revisionA, revisionB, shop, source } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';
import { judgedObject } from './child-applications.ts';

const sync = { status: 'Synced', revision: revisionA, comparedTo: { source, destination: {} } };
const automated = { syncPolicy: { automated: {} } };

it.each<[string, object, object, string]>([
  ['is Healthy', {}, { sync }, 'Healthy'],
  ['has not seen the revision', {}, { sync: { ...sync, revision: revisionB } }, 'Progressing'],
  [
    'has not seen its new spec',
    {},
    { sync: { ...sync, comparedTo: { source: { ...source, path: 'old' } } } },
    'Progressing',
  ],
  ['syncs itself and is OutOfSync', automated, { sync: { ...sync, status: 'OutOfSync' } }, 'Progressing'],
  ['is synced by people and is OutOfSync', {}, { sync: { ...sync, status: 'OutOfSync' } }, 'Healthy'],
])('a child Application that %s counts accordingly', async (_, spec, status, expected) => {
  const engine = await startEngine();
  const pass = engine.newPass();
  const child: Application = {
    ...shop({ metadata: { name: 'child' } }),
    status: { health: { status: 'Healthy' }, ...status } as NonNullable<Application['status']>,
  };
  child.spec = { ...child.spec, ...spec };
  const asked: string[] = [];
  const node = {
    key: { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'child' },
    health: { status: 'Healthy' },
    object: child as unknown as KubeObject,
  } as LiveNode;
  const judged = judgedObject(node, { pass, revisions: [revisionA], refresh: (key) => asked.push(key) });
  expect(judged?.health?.status).toBe(expected);
  expect(asked).toEqual(judged?.health?.message?.includes('not been compared') ? ['argocd/child'] : []);
});
