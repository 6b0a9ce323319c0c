import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createSingleFlight } from './single-flight.ts';

/** Work whose runs are ended by hand. */
function controlled() {
  const runs: { resolve(value: number): void; reject(error: Error): void }[] = [];
  const work = (): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    runs.push({ resolve, reject });
    return promise;
  };
  return { runs, work };
}

test('who asks while a run is under way shares the next run, and none gets the one that began before', async () => {
  const { runs, work } = controlled();
  const flight = createSingleFlight(work);
  const first = flight.next();
  const later = [flight.next(), flight.next(), flight.next()];
  expect(runs).toHaveLength(1);
  runs[0]?.resolve(1);
  expect(await first).toBe(1);
  await sleep(0);
  expect(runs).toHaveLength(2);
  runs[1]?.resolve(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  expect(flight.current()).toBeUndefined();
});

test('a failed run fails those who share it only', async () => {
  const { runs, work } = controlled();
  const flight = createSingleFlight(work);
  const first = flight.next();
  const second = flight.next();
  runs[0]?.reject(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await sleep(0);
  runs[1]?.resolve(2);
  expect(await second).toBe(2);
});

test('a run that takes too long does not hold up the next one', async () => {
  const { runs, work } = controlled();
  const flight = createSingleFlight(work, { patienceMs: 10 });
  const slow = flight.next();
  const next = flight.next();
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve(2);
  expect(await next).toBe(2);
  runs[0]?.resolve(1);
  expect(await slow).toBe(1);
});

test('runs begin with a distance, and who waits for one shares it', async () => {
  const { runs, work } = controlled();
  const flight = createSingleFlight(work, { spacingMs: 50 });
  const first = flight.next();
  const begun = performance.now();
  runs[0]?.resolve(1);
  expect(await first).toBe(1);
  const later = [flight.next(), flight.next()];
  expect(runs).toHaveLength(1);
  await expect.poll(() => runs.length, { interval: 5 }).toBe(2);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(45);
  runs[1]?.resolve(2);
  expect(await Promise.all(later)).toEqual([2, 2]);
});
