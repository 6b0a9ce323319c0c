import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQuietWatches } from './quiet-watches.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watching() {
  const end = new AbortController();
  const doubted = vi.fn();
  const watches = createQuietWatches({ signal: end.signal, delaysMs: [100, 300], lastingMs: 1_000, quietMs: 50 });
  const stop = watches.onDoubt(doubted);
  return { watches, doubted, stop, end };
}

it('doubts nothing without trouble', () => {
  const { doubted } = watching();
  vi.advanceTimersByTime(10_000);
  expect(doubted).not.toHaveBeenCalled();
});

it('doubts what is quiet a little and a while after the last trouble', () => {
  const { watches, doubted } = watching();
  watches.troubled();
  vi.advanceTimersByTime(90);
  watches.troubled();
  vi.advanceTimersByTime(90);
  expect(doubted).not.toHaveBeenCalled();
  vi.advanceTimersByTime(300);
  expect(doubted.mock.calls).toEqual([[50], [50]]);
  vi.advanceTimersByTime(10_000);
  expect(doubted).toHaveBeenCalledTimes(2);
});

it('doubts now and then while the trouble does not end', () => {
  const { watches, doubted } = watching();
  for (let times = 0; times < 50; times += 1) {
    watches.troubled();
    vi.advanceTimersByTime(50);
  }
  expect(doubted).toHaveBeenCalledTimes(2);
});

it('asks nobody who has stopped, and nobody after the end', () => {
  const { watches, doubted, stop, end } = watching();
  watches.troubled();
  end.abort();
  vi.advanceTimersByTime(1_000);
  stop();
  watches.troubled();
  vi.advanceTimersByTime(1_000);
  expect(doubted).not.toHaveBeenCalled();
});
