import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { beatMs, createHeartbeat } from './heartbeat.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

class FakeSocket extends EventEmitter {
  bytesRead = 0;
  destroyed = false;
  destroy(): this {
    this.destroyed = true;
    this.emit('close');
    return this;
  }
}

function beating() {
  const onDead = vi.fn();
  const socket = new FakeSocket();
  createHeartbeat(onDead).watch(socket as never);
  return { socket, onDead };
}

it('leaves a connection alone on which something comes', () => {
  const { socket, onDead } = beating();
  for (let beat = 0; beat < 100; beat += 1) {
    if (beat % 4 !== 3) socket.bytesRead += 17;
    vi.advanceTimersByTime(beatMs);
  }
  expect([onDead.mock.calls.length, socket.destroyed]).toEqual([0, false]);
});

it('ends one on which nothing comes any more within 6.25 s', () => {
  const { socket, onDead } = beating();
  socket.bytesRead = 100;
  vi.advanceTimersByTime(4_900);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1_350);
  expect([onDead.mock.calls.length, socket.destroyed]).toEqual([1, true]);
});

it('forgets one that was closed', () => {
  const { socket, onDead } = beating();
  socket.emit('close');
  vi.advanceTimersByTime(60_000);
  expect(onDead).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
