import { configMap, deployment, type GitRepository, service } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const withOptions = (kustomize: object, path = '.') => ({ source: { path, kustomize } });

async function tree(repository: GitRepository, path = '.', extra: object = {}): Promise<void> {
  repository.write(`${path}/all.yaml`, [
    deployment('web', 'example/app:1'),
    service('web'),
    configMap('settings', { mode: 'plain' }),
  ]);
  repository.write(`${path}/kustomization.yaml`, { resources: ['all.yaml'], ...extra });
  await repository.commit();
}

it('dummy', async () => {
  await tree(rig.repository);
  const out = await rig.render();
  console.log(JSON.stringify(out, null, 1));
  expect(out.type).toBe('Kustomize');
});
