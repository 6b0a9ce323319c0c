import { annotations } from '@plumbline/apis';
import { expect, it } from 'vitest';
import { owned } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';

const secret = (value: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: { key: Buffer.from(value).toString('base64'), other: Buffer.from(value).toString('base64') },
});

it('Replace=true writes a Secret with its real values', async () => {
  const engine = await startEngine({ objects: [secret('new')] });
  engine.cluster.put(owned(secret('live')));
  await engine.sync({ syncOptions: ['Replace=true'] });
  await engine.pass();
  expect(engine.cluster.objects.get('/Secret/web/s')?.['data']).toEqual(secret('new').data);
});

it('an operation syncs local manifests that are Secrets', async () => {
  const engine = await startEngine({ objects: [] });
  await engine.sync({ manifests: [JSON.stringify(secret('local'))] });
  await engine.pass();
  expect(engine.cluster.objects.get('/Secret/web/s')?.['data']).toEqual(secret('local').data);
});

it('an operation resumes local manifests after a restart with the same, not with Git', async () => {
  const cm = (name: string, wave: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, annotations: { [annotations.syncWave]: wave } },
  });
  const engine = await startEngine({ objects: [cm('git', '0')] });
  engine.live.health['l1'] = 'Progressing';
  await engine.sync({ manifests: [JSON.stringify(cm('l1', '0')), JSON.stringify(cm('l2', '1'))] });
  await engine.pass();
  engine.restart();
  engine.live.health['l1'] = 'Healthy';
  await engine.pass();
  expect(engine.results).toEqual({ l1: 'Synced', l2: 'Synced' });
});
