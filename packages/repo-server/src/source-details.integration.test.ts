import type { RenderQueueResult, SourceDetailsRequest } from '@plumbline/render';
import { deployment } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
  rig.repository
    .write('chart/Chart.yaml', { apiVersion: 'v2', name: 'c', version: '1.0.0' })
    .write('chart/values.yaml', 'size: 3\nimage: {tag: a}\n')
    .write('values/prod.yaml', 'size: 5\n')
    .write('k/kustomization.yaml', { resources: ['a.yaml'] })
    .write('k/a.yaml', deployment('a'))
    .write('d/a.yaml', deployment('a'));
  await rig.repository.commit();
  await rig.startServer();
});
afterAll(() => rig[Symbol.asyncDispose]());

const ask = (path: string, more: Partial<SourceDetailsRequest> = {}): Promise<RenderQueueResult> => {
  const source = { repoURL: rig.repository.url, path, targetRevision: 'HEAD' };
  return rig.call({ kind: 'source-details', source, appName: 'a', project: 'default', ...more });
};

it('says what a chart can be told', async () => {
  expect(await ask('chart')).toMatchObject({ type: 'Helm', helm: { valueFiles: ['values.yaml'] } });
});

it('reads value files of other sources at their own revision', async () => {
  const repoURL = rig.repository.url;
  const helm = { valueFiles: ['$v/values/prod.yaml'] };
  const details = await ask('chart', {
    source: { repoURL, path: 'chart', targetRevision: 'HEAD', helm },
    refs: { v: { repoURL, targetRevision: 'main' } },
  });
  expect(details).toMatchObject({
    helm: {
      parameters: [
        { name: 'size', value: '5' },
        { name: 'image.tag', value: 'a' },
      ],
    },
  });
});

it('names the images of a kustomization, and plain folders', async () => {
  expect(await ask('k')).toMatchObject({ type: 'Kustomize', kustomize: { images: [expect.any(String)] } });
  expect(await ask('d')).toEqual({ type: 'Directory', directory: {} });
});

it('says what is wrong with a path', async () => {
  await expect(ask('nowhere')).rejects.toThrow(/nowhere: app path does not exist/);
});
