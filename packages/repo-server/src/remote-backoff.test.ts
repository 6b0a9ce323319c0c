import { PlumblineError } from '@plumbline/errors';
import type { ResolveRequest } from '@plumbline/render';
import { describe, expect, it } from 'vitest';
import { createFailureMemory } from './failure-memory.ts';
import { withRemoteBackoff } from './remote-backoff.ts';

const { signal } = new AbortController();
const request = { kind: 'resolve', repoURL: 'https://a/b', project: 'default', targetRevision: 'main' } as const;

function remote(code: string) {
  const time = { now: 1_000_000 };
  const failures = createFailureMemory(() => time.now);
  const state: { asked: string[]; error: Error | undefined } = { asked: [], error: new PlumblineError(code, 'no') };
  const resolve = withRemoteBackoff(failures, async ({ targetRevision }) => {
    state.asked.push(targetRevision);
    if (state.error) throw state.error;
    return { revision: 'c0ffee' };
  });
  const ask = (more: Partial<ResolveRequest> = {}) => resolve({ ...request, ...more }, signal).catch(String);
  return { time, failures, state, ask };
}

describe.each(['GIT_UNREACHABLE', 'GIT_AUTHENTICATION', 'GIT_HOST_KEY'])('after %s', (code) => {
  it('a server is asked again after 1, 2, 4 … 60 s, for all revisions', async () => {
    const { time, state, ask } = remote(code);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const asked = state.asked.length;
      await ask();
      time.now += seconds * 1000 - 1;
      expect(await ask({ targetRevision: 'v1' })).toContain('next try in 1 s');
      expect(state.asked).toHaveLength(asked + 1);
      time.now += 1;
    }
  });

  it('it is asked at once for a hard refresh, for another project, and when settings have changed', async () => {
    const { failures, state, ask } = remote(code);
    await ask();
    await ask({ fresh: true });
    await ask({ project: 'other' });
    failures.clear();
    state.error = undefined;
    expect(await ask()).toEqual({ revision: 'c0ffee' });
    expect(state.asked).toHaveLength(4);
    await ask();
    expect(state.asked).toHaveLength(5);
  });
});

it('a revision that is not there is an answer: the next is asked for at once', async () => {
  const { state, ask } = remote('GIT_REVISION_NOT_FOUND');
  await ask();
  await ask({ targetRevision: 'v1' });
  expect(state.asked).toEqual(['main', 'v1']);
});
