import type { RenderQueueRequest, RenderQueueResult } from '@plumbline/render';
import type { WorkQueue } from '@plumbline/store';
import { describe, expect, it } from 'vitest';
import { revisionA, revisionB, source } from '../test-support/builders.ts';
import { createRenderClient } from './render-client.ts';

interface Call {
  id: string;
  request: RenderQueueRequest;
  timeoutMs: number;
}

/** A queue that answers a look with the next revision, and notes what was asked. */
function recorder(...revisions: string[]) {
  const calls: Call[] = [];
  const queue: WorkQueue<RenderQueueRequest, RenderQueueResult> = {
    call: async (id, request, { timeoutMs }) => {
      calls.push({ id, request, timeoutMs });
      const receipt = { repoURL: source.repoURL, revision: revisionA, digest: 'd', tools: {}, mac: 'm' };
      if (request.kind === 'render') return { sourceType: 'Helm', receipt, cached: false, warnings: [] };
      return { revision: revisions.shift() ?? revisionA };
    },
    close: async () => {},
  };
  return { calls, queue };
}

const context = { appName: 'shop', project: 'default', namespace: 'web', kubeVersion: '1', apiVersions: [] };

describe('a render', () => {
  it('has an id of its content, so that equal ones are made once in the fleet', async () => {
    const { calls, queue } = recorder();
    const [one, other] = [createRenderClient({ queue }), createRenderClient({ queue })];
    await one.render({ source, revision: revisionA, context });
    await other.render({ source, revision: revisionA, context });
    await other.render({ source, revision: revisionB, context });
    const [first, second, third] = calls.map(({ id }) => id);
    expect(first).toBe(second);
    expect(third).not.toBe(first);
    expect(calls[0]).toMatchObject({ request: { kind: 'render', revision: revisionA }, timeoutMs: 180_000 });
  });

  it('without the cache is made for each who asks', async () => {
    const { calls, queue } = recorder();
    const client = createRenderClient({ queue });
    await client.render({ source, revision: revisionA, context, noCache: true });
    await client.render({ source, revision: revisionA, context, noCache: true });
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });
});

describe('a look at a remote', () => {
  it('names repository, project and revision', async () => {
    const { calls, queue } = recorder(revisionB);
    const client = createRenderClient({ queue, resolveTimeoutMs: 5 });
    expect(await client.resolve({ ...source, tagPrefix: 'shop/' }, 'team')).toEqual({ revision: revisionB });
    expect(calls).toEqual([
      {
        id: expect.stringMatching(/^resolve-/),
        timeoutMs: 5,
        request: {
          kind: 'resolve',
          repoURL: source.repoURL,
          project: 'team',
          targetRevision: 'main',
          tagPrefix: 'shop/',
        },
      },
    ]);
  });

  it('is not answered by one that was made before', async () => {
    const { calls, queue } = recorder(revisionA, revisionB);
    const client = createRenderClient({ queue });
    expect(await client.resolve(source, 'team')).toEqual({ revision: revisionA });
    expect(await client.resolve(source, 'team')).toEqual({ revision: revisionB });
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  it('is shared by all who ask while another one is under way', async () => {
    const { calls, queue } = recorder();
    const client = createRenderClient({ queue });
    await Promise.all(Array.from({ length: 9 }, () => client.resolve(source, 'team')));
    expect(calls).toHaveLength(2);
  });
});
