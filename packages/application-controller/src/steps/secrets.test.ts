import { annotations } from '@plumbline/apis';
import { expect, it } from 'vitest';
import { owned, shop } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';

const secret = (value: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: { key: Buffer.from(value).toString('base64'), other: Buffer.from(value).toString('base64') },
});

it('applies Secrets that are hooks with a generated name with their real values', async () => {
  const hook = {
    ...secret('hush'),
    metadata: {
      generateName: 's-',
      annotations: { [annotations.hook]: 'PreSync', [annotations.hookDeletePolicy]: 'HookFailed' },
    },
  };
  const engine = await startEngine({ objects: [hook] });
  await engine.sync();
  await engine.pass();
  const stored = [...engine.cluster.objects.values()].find(({ kind }) => kind === 'Secret');
  expect(stored?.['data']).toEqual(hook.data);
});

it('keeps a Secret that is a hook until its result has been read', async () => {
  const hook = {
    ...secret('hush'),
    metadata: {
      name: 's',
      annotations: { [annotations.hook]: 'PreSync', [annotations.hookDeletePolicy]: 'HookFailed' },
    },
  };
  const engine = await startEngine({ objects: [hook] });
  let seen: unknown;
  engine.cluster.before = (line) => {
    if (line.startsWith('patch Secret'))
      seen = [...engine.cluster.objects.values()].find(({ kind }) => kind === 'Secret')?.metadata.finalizers;
  };
  await engine.sync();
  await engine.pass();
  expect(seen).toEqual(['argocd.argoproj.io/hook-finalizer']);
});

it('leaves an ignored value of a Secret as it is live', async () => {
  const ignoreDifferences = [{ kind: 'Secret', jsonPointers: ['/data/key'] }];
  const app = shop({
    spec: { ...shop().spec, ignoreDifferences, syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] } },
  });
  const engine = await startEngine({ app, objects: [secret('new')] });
  engine.cluster.put(owned(secret('live')));
  await engine.sync({ syncOptions: ['RespectIgnoreDifferences=true'] });
  await engine.pass();
  const stored = engine.cluster.objects.get('/Secret/web/s');
  expect(stored?.['data']).toEqual({ key: secret('live').data.key, other: secret('new').data.other });
});
