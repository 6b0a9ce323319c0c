import type { KubeObject } from '@plumbline/manifests';
import { beforeEach, describe, expect, it } from 'vitest';
import { configMap, mask, owned } from '../test-support/builders.ts';
import { type Engine, startEngine } from '../test-support/engine.ts';
import { compareManifests } from './server-side-diff.ts';

let engine: Engine;

beforeEach(async () => {
  engine = await startEngine({ objects: [configMap('a')] });
  engine.cluster.put(owned(configMap('a')));
  engine.cluster.put(owned(configMap('theirs'), 'other'));
  engine.cluster.put({ ...configMap('loose'), metadata: { name: 'loose', namespace: 'web' } });
});

async function compared(...manifests: (KubeObject | string)[]) {
  const pass = await engine.pass();
  engine.cluster.log.length = 0;
  const texts = manifests.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  const states = await compareManifests(pass, texts, { mask, reader: engine.reader });
  return states.map(({ key, status, liveObject }) => [key.name, status, liveObject !== undefined]);
}

describe('manifests of a caller', () => {
  it('are compared with the live objects of the Application, new ones without a request', async () => {
    expect(await compared(configMap('a', '2'), configMap('new'))).toEqual([
      ['a', 'OutOfSync', true],
      ['new', 'OutOfSync', false],
    ]);
    expect(engine.cluster.log).toEqual(['dry-run ConfigMap/a']);
    expect(await compared(configMap('a'))).toEqual([['a', 'Synced', true]]);
  });

  it.each([
    ['of another Application', configMap('theirs'), 'not part of this Application'],
    ['of nobody', configMap('loose'), 'not part of this Application'],
  ])('are refused where they name an object %s, before the server is asked', async (_whose, manifest, reason) => {
    await expect(compared(manifest)).rejects.toMatchObject({
      code: 'API_PermissionDenied',
      message: expect.stringContaining(reason),
    });
    expect(engine.cluster.log).toEqual([]);
  });

  it('are refused where the project does not permit the object', async () => {
    engine.project = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'default' },
      spec: { destinations: [{ server: '*', namespace: 'elsewhere' }] },
    } as unknown as Engine['project'];
    await expect(compared(configMap('new'))).rejects.toMatchObject({ code: 'API_PermissionDenied' });
  });

  it.each([
    ['are no JSON', 'password: correct-horse', 'manifest 1 is no JSON'],
    ['are no objects', '{"kind":"ConfigMap"}', 'manifest 1 has no apiVersion, kind or metadata.name'],
    ['have no name', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{}}', 'manifest 1 has no'],
  ])('are refused where they %s, without repeating them', async (_what, manifest, reason) => {
    await expect(compared(manifest)).rejects.toMatchObject({
      code: 'API_InvalidArgument',
      message: expect.stringContaining(reason),
    });
  });
});
