import { expect, it } from 'vitest';
import { createSlots } from './slots.ts';

it('lets no more tasks run than there are slots, in the order in which they came', async () => {
  const slots = createSlots(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const task = (index: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    order.push(index);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  await Promise.all([0, 1, 2, 3, 4].map((index) => slots.run(task(index))));
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

it('frees the slot of a task that fails, and skips one whose signal aborted while it waited', async () => {
  const slots = createSlots(1);
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const gate = Promise.withResolvers<void>();
  const first = slots.run(() => gate.promise);
  const abort = new AbortController();
  const second = slots.run(async () => 'ran', abort.signal);
  abort.abort(new Error('stopped'));
  gate.resolve();
  await first;
  await expect(second).rejects.toThrow('stopped');
  expect(await slots.run(async () => 'free')).toBe('free');
});
