import { silentLogger } from '@plumbline/telemetry';
import { expect, it, vi } from 'vitest';
import { KeyedQueue, type Level, levels } from './keyed-queue.ts';

function recorder(concurrency = 2) {
  const passes: [string, Level][] = [];
  const gates: (() => void)[] = [];
  const queue = new KeyedQueue({
    concurrency,
    logger: silentLogger,
    reconcile: async (key, level) => {
      passes.push([key, level]);
      await new Promise<void>((resolve) => gates.push(resolve));
    },
  });
  return { passes, queue, finish: () => gates.shift()?.() };
}

it('coalesces requests for a key to one pass at the highest level', async () => {
  const { passes, queue, finish } = recorder();
  queue.add('a', levels.tree);
  queue.add('a', levels.compare);
  queue.add('a', levels.refresh);
  queue.add('a', levels.tree);
  expect(passes).toEqual([['a', levels.tree]]);
  finish();
  await vi.waitFor(() =>
    expect(passes).toEqual([
      ['a', levels.tree],
      ['a', levels.refresh],
    ]),
  );
});

it('never runs two passes of one key at once, nor more than it may in all', async () => {
  const { passes, queue, finish } = recorder(2);
  for (const key of ['a', 'a', 'b', 'c']) queue.add(key, levels.compare);
  expect(passes.map(([key]) => key)).toEqual(['a', 'b']);
  finish();
  await vi.waitFor(() => expect(passes.map(([key]) => key)).toEqual(['a', 'b', 'c']));
});

it('repeats a failed pass with back-off at the same level', async () => {
  const seen: Level[] = [];
  const queue = new KeyedQueue({
    concurrency: 1,
    logger: silentLogger,
    backoff: { first: 1, max: 4 },
    reconcile: async (_key, level) => {
      seen.push(level);
      if (seen.length < 3) throw new Error('not yet');
    },
  });
  queue.add('a', levels.force);
  await vi.waitFor(() => expect(seen).toEqual([levels.force, levels.force, levels.force]));
});

it('lets an earlier pass at a higher level serve a planned one, and keeps an earlier lower one beside it', async () => {
  const { passes, queue, finish } = recorder();
  queue.addAfter('a', levels.compare, 5);
  queue.addAfter('a', levels.tree, 10);
  queue.addAfter('b', levels.tree, 5);
  queue.addAfter('b', levels.compare, 30);
  await vi.waitFor(() =>
    expect(passes).toEqual([
      ['a', levels.compare],
      ['b', levels.tree],
    ]),
  );
  finish();
  finish();
  await vi.waitFor(() => expect(passes.at(-1)).toEqual(['b', levels.compare]));
  expect(passes).toHaveLength(3);
});

it('drops what is planned for a forgotten key', async () => {
  const { passes, queue } = recorder();
  queue.addAfter('a', levels.compare, 1);
  queue.forget('a');
  queue.addAfter('b', levels.compare, 3);
  await vi.waitFor(() => expect(passes).toEqual([['b', levels.compare]]));
});

it('never runs two passes of one key at once, also where it was forgotten and added again', async () => {
  const { passes, queue, finish } = recorder(2);
  for (const key of ['x', 'y', 'a']) queue.add(key, levels.tree);
  queue.forget('a');
  queue.add('a', levels.tree);
  finish();
  await vi.waitFor(() => expect(passes).toHaveLength(3));
  queue.add('a', levels.compare);
  finish();
  await new Promise((done) => setImmediate(done));
  expect(passes.map(([key]) => key)).toEqual(['x', 'y', 'a']);
  finish();
  await vi.waitFor(() => expect(passes.at(-1)).toEqual(['a', levels.compare]));
});

it('takes passes that follow a change before refreshes, without holding these up for ever', async () => {
  const { passes, queue, finish } = recorder(1);
  queue.add('running', levels.tree);
  for (const key of ['r1', 'r2']) queue.add(key, levels.refresh);
  for (const key of ['c1', 'c2', 'c3', 'c4']) queue.add(key, levels.compare);
  for (let turn = 0; turn < 6; turn += 1) {
    const before = passes.length;
    finish();
    await vi.waitFor(() => expect(passes.length).toBe(before + 1));
  }
  const order = passes.map(([key]) => key);
  expect(order.indexOf('c2')).toBeLessThan(order.indexOf('r1'));
  expect(order.indexOf('r1')).toBeLessThan(order.indexOf('c4'));
  expect(order.at(-1)).toBe('r2');
});

it('closes although a pass waits for somebody who does not answer', async () => {
  const { queue, finish } = recorder();
  queue.add('a', levels.compare);
  await queue.close(1);
  finish();
});
