import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { configMap, owned } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';
import { resourceState } from '../test-support/states.ts';
import { fightFindings } from './fights.ts';

const fields = { 'f:data': { 'f:key': {} } };

/** Our apply at a second, and another manager's write over it. */
function overwritten(second: number, manager: string): KubeObject {
  const object = owned(configMap('a', '2'));
  const managedFields = [
    { manager: 'argocd-controller', operation: 'Apply' as const, time: `2026-01-01T00:00:0${second}Z`, fieldsV1: {} },
    { manager, operation: 'Update' as const, time: `2026-01-01T00:00:0${second}Z`, fieldsV1: fields },
  ];
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

it('names both managers, the object and the field of a fight, and the rule that ends it', async () => {
  const engine = await startEngine();
  const found: string[][] = [];
  for (const second of [1, 2, 3]) {
    const pass = engine.newPass();
    const liveObject = overwritten(second, 'rival');
    const differences = [{ path: '/data/key', target: '1', live: '2' }];
    const comparison = { outOfSync: true, differences, predicted: undefined };
    const state = resourceState(owned(configMap('a', '1')), { liveObject, comparison });
    pass.comparison = {
      resources: [state],
      status: 'OutOfSync',
      health: { status: 'Healthy' },
      shared: [],
      problems: [],
    };
    found.push(fightFindings(pass).map(({ type, message }) => `${type}: ${message}`));
  }
  expect(found.slice(0, 2)).toEqual([[], []]);
  expect(found[2]).toEqual([
    'FightWarning: rival and argocd-controller write /data/key of /ConfigMap/web/a over each other (3 times). Syncs of it are slowed down. ' +
      'Take the field out of the source, or ignore it: {"kind":"ConfigMap","name":"a","namespace":"web","jsonPointers":["/data/key"]} in spec.ignoreDifferences',
  ]);
});
