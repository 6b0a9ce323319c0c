import type { TracedSource } from '@plumbline/render';
import { expect, it } from 'vitest';
import { createFailureMemory } from './failure-memory.ts';
import { createTraceMemory } from './trace-memory.ts';

const signal = new AbortController().signal;
const options = { revision: 'r', signal, fresh: false };

function tracing(more: Partial<TracedSource> = {}) {
  let made = 0;
  const memory = createTraceMemory(createFailureMemory());
  const trace = async (): Promise<TracedSource> => {
    made += 1;
    const source = { repoURL: 'x' };
    return { type: 'Helm', source, inputs: [], digest: String(made), tools: {}, ...more } as TracedSource;
  };
  return { get: (fresh = false) => memory.get(['k'], trace, { ...options, fresh }), made: () => made };
}

it('a source at a commit is traced once, by any number of callers', async () => {
  const { get, made } = tracing();
  await Promise.all([get(), get(), get()]);
  await get();
  expect(made()).toBe(1);
});

it('a hard refresh traces again, and others see what it found', async () => {
  const { get } = tracing();
  await get();
  expect((await get(true)).digest).toBe('2');
  expect((await get()).digest).toBe('2');
});

it('what remotes had a moment ago is not remembered', async () => {
  const { get, made } = tracing({ momentary: true });
  await get();
  await get();
  expect(made()).toBe(2);
});
