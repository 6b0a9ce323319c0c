import { expect, it } from 'vitest';
import { forEachLimited } from './for-each-limited.ts';

it('gives the results in the order of the items, however long each takes', async () => {
  const results = await forEachLimited([3, 1, 2], 3, async (item) => {
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    return item * 10;
  });
  expect(results).toEqual([30, 10, 20]);
});

it.each([
  [1, 1],
  [2, 2],
  [9, 5],
])('has at most %i of 5 items under way: %i', async (limit, most) => {
  let [running, peak] = [0, 0];
  await forEachLimited([1, 2, 3, 4, 5], limit, async () => {
    running += 1;
    peak = Math.max(peak, running);
    await Promise.resolve();
    running -= 1;
  });
  expect(peak).toBe(most);
});

it('does nothing for no items', async () => {
  expect(await forEachLimited([], 3, async () => 1)).toEqual([]);
});

it('begins nothing more after a throw, and throws when what is under way is done', async () => {
  const begun: number[] = [];
  const done: number[] = [];
  const work = forEachLimited([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('first');
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    done.push(item);
  });
  await expect(work).rejects.toThrow('first');
  expect({ begun, done }).toEqual({ begun: [1, 2], done: [2] });
});
