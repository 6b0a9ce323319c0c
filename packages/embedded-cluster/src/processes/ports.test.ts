import { createServer } from 'node:net';
import { PlumblineError } from '@plumbline/errors';
import { expect, test } from 'vitest';
import { freePort, withFreePort } from './ports.ts';

const taken = () => new PlumblineError('EMBEDDED_START_FAILED', 'listen tcp 127.0.0.1:1: bind: address already in use');

test('the preferred port is taken where it is free, else another one', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const server = createServer();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  expect(await freePort(port)).not.toBe(port);
  server.close();
});

test('a start whose port was taken meanwhile is tried again on another port', async () => {
  const tried: number[] = [];
  const answer = await withFreePort(async (port) => {
    tried.push(port);
    if (tried.length < 3) throw taken();
    return 'started';
  });
  expect(answer).toBe('started');
  expect(tried).toHaveLength(3);
});

test('three taken ports and any other error end the attempts', async () => {
  await expect(withFreePort(() => Promise.reject(taken()))).rejects.toThrow('address already in use');
  let attempts = 0;
  const start = withFreePort(() => {
    attempts += 1;
    return Promise.reject(new PlumblineError('EMBEDDED_START_FAILED', 'no such file'));
  });
  await expect(start).rejects.toThrow('no such file');
  expect(attempts).toBe(1);
});
