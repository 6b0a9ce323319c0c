import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createIdleMemory } from './idle-memory.ts';

const mebibyte = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function heap() {
  const state = { used: 50 * mebibyte, collections: 0 };
  const memory = createIdleMemory({
    used: () => state.used,
    collect() {
      state.collections += 1;
      state.used = 50 * mebibyte;
    },
  });
  const burst = (bytes: number) =>
    memory.during(async () => {
      state.used += bytes;
    });
  return { state, memory, burst };
}

it('collects once after a burst of work that left much behind', async () => {
  const { state, burst } = heap();
  await Promise.all([burst(20 * mebibyte), burst(20 * mebibyte)]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.collections).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.collections).toBe(1);
});

it('waits for work that is under way', async () => {
  const { state, memory, burst } = heap();
  await burst(40 * mebibyte);
  const { promise, resolve } = Promise.withResolvers<void>();
  const long = memory.during(() => promise);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.collections).toBe(0);
  resolve();
  await long;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(state.collections).toBe(1);
});

it('leaves a little alone until it has become much', async () => {
  const { state, burst } = heap();
  await burst(10 * mebibyte);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.collections).toBe(0);
  await burst(10 * mebibyte);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.collections).toBe(1);
});

it('passes on what the work gives and throws, and collects nothing after its end', async () => {
  const { state, memory, burst } = heap();
  expect(await memory.during(async () => 7)).toBe(7);
  await expect(memory.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await burst(40 * mebibyte);
  memory.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.collections).toBe(0);
});
