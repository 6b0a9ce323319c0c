import { configMap } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { given } from '../fixture/context.ts';
import { healthy, operation, synced } from '../fixture/expectations.ts';
import { gate, inWave, openGate } from '../fixture/objects.ts';
import { record } from '../fixture/recorder.ts';

const finalizers = ['resources-finalizer.argocd.argoproj.io'];
const hold = 'test.plumbline.dev/hold';

describe.concurrent('waves', () => {
  test('apply in order, and each waits for the health of the one before', async () => {
    await using context = await given({
      'late.yaml': inWave(2, configMap('late')),
      'early.yaml': [inWave(-1, configMap('early')), inWave(-1, gate('early-gate'))],
      'middle.yaml': [configMap('middle'), gate('middle-gate')],
    });
    await using recorder = await record(context.kube, context.namespace, 'ConfigMap', 'Service');
    const app = await context.application({ automated: true });

    await app.becomes(operation('Running', 'early-gate'));
    await app.stays(operation('Running', 'early-gate'), 3_000);
    expect(await context.live('ConfigMap', 'middle')).toBeNull();

    await context.change('Service', 'early-gate', openGate, 'status');
    await app.becomes(operation('Running', 'middle-gate'));
    expect(await context.live('ConfigMap', 'late')).toBeNull();

    await context.change('Service', 'middle-gate', openGate, 'status');
    await app.becomes(synced, healthy, operation('Succeeded'));
    const order = await recorder.order('ADDED', 'early', 'early-gate', 'middle', 'middle-gate', 'late');
    expect(order).toEqual(['early', 'early-gate', 'middle', 'middle-gate', 'late']);
  });

  test('are deleted in reverse, each waiting for the one before to be gone', async () => {
    await using context = await given({
      'all.yaml': [-1, 0, 2].map((wave) => inWave(wave, configMap(`wave${wave}`))),
    });
    const app = await context.application({ automated: true, finalizers });
    await app.becomes(synced, healthy);
    await context.change('ConfigMap', 'wave2', { metadata: { finalizers: [hold] } });
    await using recorder = await record(context.kube, context.namespace, 'ConfigMap');

    await app.delete();
    await context.liveBecomes('ConfigMap', 'wave2', (live) => live?.metadata.deletionTimestamp);
    for (const name of ['wave0', 'wave-1']) {
      expect((await context.live('ConfigMap', name))?.metadata.deletionTimestamp).toBeUndefined();
    }

    await context.change('ConfigMap', 'wave2', { metadata: { finalizers: null } });
    await app.disappears();
    const order = await recorder.order('DELETED', 'wave2', 'wave0', 'wave-1');
    expect(order).toEqual(['wave2', 'wave0', 'wave-1']);
  });
});
