import { configMap } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { given } from '../fixture/context.ts';
import { at, condition, outOfSync, resource, synced } from '../fixture/expectations.ts';

const twoFiles = { 'kept.yaml': configMap('kept'), 'removed.yaml': configMap('removed') };
const automated = (options: { prune?: boolean; allowEmpty?: boolean }) => ({
  spec: { syncPolicy: { automated: options } },
});

describe.concurrent('a commit that removes', () => {
  test('one manifest prunes its object with prune on', async () => {
    await using context = await given(twoFiles);
    const app = await context.application(automated({ prune: true }));
    await app.becomes(synced);
    const revision = await context.commit({ 'removed.yaml': null });
    await app.refresh();
    await context.liveBecomes('ConfigMap', 'removed', (live) => live === null);
    await app.becomes(synced, at(revision));
    expect(await context.live('ConfigMap', 'kept')).not.toBeNull();
  });

  test('one manifest leaves its object and says requiresPruning with prune off', async () => {
    await using context = await given(twoFiles);
    const app = await context.application(automated({ prune: false }));
    await app.becomes(synced);
    const revision = await context.commit({ 'removed.yaml': null });
    await app.refresh();
    await app.becomes(
      outOfSync,
      at(revision),
      resource('ConfigMap', 'removed', { requiresPruning: true, status: 'OutOfSync' }),
    );
    await app.stays(outOfSync);
    expect(await context.live('ConfigMap', 'removed')).not.toBeNull();

    await app.sync({ prune: true });
    expect(await app.completes()).toMatchObject({ phase: 'Succeeded' });
    await context.liveBecomes('ConfigMap', 'removed', (live) => live === null);
    await app.becomes(synced);
  });

  test('every manifest prunes nothing', async () => {
    await using context = await given({ ...twoFiles, 'README.md': 'empty soon' });
    const app = await context.application(automated({ prune: true }));
    await app.becomes(synced);
    await context.commit({ 'kept.yaml': null, 'removed.yaml': null });
    await app.refresh();
    await app.becomes(outOfSync, condition('SyncError', 'wipe out all resources'));
    await app.stays(outOfSync);
    expect(await context.live('ConfigMap', 'removed')).not.toBeNull();
  });

  test('every manifest prunes all with allowEmpty', async () => {
    await using context = await given({ ...twoFiles, 'README.md': 'empty soon' });
    const app = await context.application(automated({ prune: true, allowEmpty: true }));
    await app.becomes(synced);
    const revision = await context.commit({ 'kept.yaml': null, 'removed.yaml': null });
    await app.refresh();
    await context.liveBecomes('ConfigMap', 'kept', (live) => live === null);
    await context.liveBecomes('ConfigMap', 'removed', (live) => live === null);
    await app.becomes(synced, at(revision));
  });
});
