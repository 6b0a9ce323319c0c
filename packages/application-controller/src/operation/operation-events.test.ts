import { silentLogger } from '@plumbline/telemetry';
import { eventually } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { configMap, revisionA } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';
import { auditAnnotation, OperationEvents } from './operation-events.ts';

async function told(sync: object, more: object) {
  const engine = await startEngine({ objects: [configMap('a')] });
  const events = new OperationEvents({ client: engine.cluster, logger: silentLogger });
  await engine.sync(sync, more);
  const before = engine.newPass();
  const pass = await engine.pass();
  const state = engine.operationState as NonNullable<typeof engine.operationState>;
  events.started(pass, state);
  events.completed(pass, state);
  before.app.status = {
    ...before.app.status,
    sync: { status: 'OutOfSync' } as NonNullable<typeof before.app.status>['sync'],
  };
  events.changed({ ...pass, app: before.app });
  return eventually(
    async () => {
      const found = [...engine.cluster.objects.values()].filter(({ kind }) => kind === 'Event');
      return found.length === 3 && found;
    },
    { what: 'three events' },
  );
}

describe('events of an operation', () => {
  it.each([
    [{ initiatedBy: { username: 'ann' } }, `ann initiated sync to '${revisionA}'`],
    [{ initiatedBy: { automated: true } }, `Initiated automated sync to '${revisionA}'`],
  ])('tell its start, its end and what has changed, with %j', async (more, started) => {
    const events = await told({}, more);
    const lines = (events as Record<string, unknown>[]).map(({ reason, message }) => `${reason}: ${message}`);
    expect(lines.sort()).toEqual([
      `OperationCompleted: Sync operation to ${revisionA} succeeded`,
      `OperationStarted: ${started}`,
      'ResourceUpdated: Updated sync status: OutOfSync -> Synced',
    ]);
    const end = events.find((event) => event['reason'] === 'OperationCompleted');
    expect(JSON.parse(end?.metadata.annotations?.[auditAnnotation] ?? '')).toMatchObject({ phase: 'Succeeded' });
  });
});
