import type { KubeClient } from '@plumbline/cluster';
import { describe, expect, it } from 'vitest';
import { ClusterIdentity, identityCheckMs } from './cluster-identity.ts';

/** A cluster whose namespace kube-system has this uid; undefined does not answer. */
function cluster(uid: string | undefined) {
  const state = { uid, asked: 0, now: 0 };
  const client: Pick<KubeClient, 'find'> = {
    find: async () => {
      state.asked += 1;
      if (state.uid === undefined) throw new Error('no answer');
      return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid: state.uid } };
    },
  };
  return { state, identity: () => ClusterIdentity.of(client, () => state.now) };
}

describe('the identity of a cluster', () => {
  it.each([
    ['the same cluster', 'a', 'a', false],
    ['another cluster at the same address', 'a', 'b', true],
    ['a cluster that does not answer now', 'a', undefined, false],
    ['a cluster that could not be asked at first', undefined, 'b', false],
  ])('%s', async (_what, before, after, replaced) => {
    const { state, identity } = cluster(before);
    const known = await identity();
    state.uid = after;
    state.now += identityCheckMs;
    expect(await known.isReplaced()).toBe(replaced);
  });

  it('is asked for once in a while only', async () => {
    const { state, identity } = cluster('a');
    const known = await identity();
    state.uid = 'b';
    state.now += identityCheckMs - 1;
    expect(await known.isReplaced()).toBe(false);
    expect(state.asked).toBe(1);
  });
});
