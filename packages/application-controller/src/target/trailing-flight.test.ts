import { expect, it } from 'vitest';
import { TrailingFlight } from './trailing-flight.ts';

function gate() {
  const opened: ((value: number) => void)[] = [];
  let started = 0;
  const start = () => {
    started += 1;
    return new Promise<number>((resolve) => opened.push(resolve));
  };
  return { start, open: (value: number) => opened.shift()?.(value), started: () => started };
}

it('gives callers who come during a call the answer of the next one, shared', async () => {
  const flights = new TrailingFlight<number>();
  const { start, open, started } = gate();
  const first = flights.join('k', start);
  const second = flights.join('k', start);
  const third = flights.join('k', start);
  open(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  open(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  expect(started()).toBe(2);
});

it('starts afresh after a failed call', async () => {
  const flights = new TrailingFlight<number>();
  const failed = flights.join('k', () => Promise.reject(new Error('no')));
  const next = flights.join('k', () => Promise.resolve(7));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe(7);
  expect(await flights.join('k', () => Promise.resolve(8))).toBe(8);
});

it('keeps keys apart', async () => {
  const flights = new TrailingFlight<number>();
  const { start, started } = gate();
  void flights.join('a', start);
  void flights.join('b', start);
  expect(started()).toBe(2);
});
