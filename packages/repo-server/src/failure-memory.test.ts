import { PlumblineError } from '@plumbline/errors';
import { expect, it } from 'vitest';
import { createFailureMemory } from './failure-memory.ts';

const options = { revision: 'c0ffee00c0ffee00', signal: new AbortController().signal };
const fail = async () => {
  throw new PlumblineError('RENDER_FAILED', 'kustomize build x: no', { hint: 'look' });
};

function memoryAt() {
  const time = { now: 1_000_000 };
  return { time, memory: createFailureMemory(() => time.now) };
}

it('says when it failed and when the next try is', async () => {
  const { time, memory } = memoryAt();
  await expect(memory.attempt('a', fail, options)).rejects.toThrow(
    'kustomize build x: no (revision c0ffee00c0ff, failed 0 s ago, next try in 1 s)',
  );
  for (const delay of [1_000, 2_000, 4_000, 8_000]) {
    time.now += delay;
    await memory.attempt('a', fail, options).catch(() => undefined);
  }
  time.now += 12_000;
  expect(() => memory.check('a')).toThrow(
    expect.objectContaining({
      code: 'RENDER_FAILED',
      hint: 'look',
      message: 'kustomize build x: no (revision c0ffee00c0ff, failed 12 s ago, next try in 4 s)',
      details: {
        revision: options.revision,
        failedAt: '1970-01-01T00:16:55.000Z',
        nextTryAt: '1970-01-01T00:17:11.000Z',
      },
    }),
  );
});

it('waits 1, 2, 4 … 60 s', async () => {
  const { time, memory } = memoryAt();
  const waits: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const started = time.now;
    await memory.attempt('a', fail, options).catch(() => undefined);
    for (let due = false; !due; ) {
      time.now += 1_000;
      try {
        memory.check('a');
        due = true;
      } catch {
        due = false;
      }
    }
    waits.push((time.now - started) / 1_000);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

it('keeps failures apart, and forgets them after a success or when told', async () => {
  const { memory } = memoryAt();
  await memory.attempt('a', fail, options).catch(() => undefined);
  await memory.attempt('b', fail, options).catch(() => undefined);
  expect(() => memory.check('c')).not.toThrow();
  expect(await memory.attempt('a', async () => 1, options)).toBe(1);
  expect(() => memory.check('a')).not.toThrow();
  expect(() => memory.check('b')).toThrow();
  memory.clear();
  expect(() => memory.check('b')).not.toThrow();
});

it('does not take a cancellation for a failure', async () => {
  const { memory } = memoryAt();
  const abort = new AbortController();
  abort.abort(new Error('shutting down'));
  await expect(memory.attempt('a', fail, { ...options, signal: abort.signal })).rejects.toThrow(/no$/);
  expect(() => memory.check('a')).not.toThrow();
});

it('counts failures that ran side by side once', async () => {
  const { time, memory } = memoryAt();
  const attempts = Array.from({ length: 50 }, () => memory.attempt('a', fail, options).catch(String));
  expect(new Set(await Promise.all(attempts)).size).toBe(1);
  time.now += 1_000;
  expect(() => memory.check('a')).not.toThrow();
});
