import { createConnection } from 'node:net';
import { expect, test, vi } from 'vitest';
import { isRunning, startTimeOf } from './processes/process-identity.ts';
import { startRedis } from './redis.ts';

/** Sends inline commands and returns what comes back until the connection ends. */
function talk(url: string, ...commands: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(url).port) });
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(`${[...commands, 'QUIT'].join('\r\n')}\r\n`);
  });
}

test('Redis answers whoever has the URL, evicts nothing and keeps nothing on disk', { timeout: 60_000 }, async () => {
  await using redis = await startRedis();
  const { password } = new URL(redis.url);
  expect(await talk(redis.url, `AUTH ${password}`, 'SET a b', 'GET a')).toMatch(/\+OK\r\n\+OK\r\n\$1\r\nb/);
  const settings = await talk(
    redis.url,
    `AUTH ${password}`,
    'CONFIG GET maxmemory-policy',
    'CONFIG GET save',
    'CONFIG GET appendonly',
  );
  expect(settings).toMatch(/noeviction[\s\S]*\$4\r\nsave\r\n\$0\r\n\r\n[\s\S]*appendonly\r\n\$2\r\nno/);
});

test('without the password Redis answers nothing', { timeout: 60_000 }, async () => {
  await using redis = await startRedis();
  expect(await talk(redis.url, 'GET a')).toContain('NOAUTH');
});

test('several run side by side, and a stop ends the process', { timeout: 60_000 }, async () => {
  const servers = await Promise.all([startRedis(), startRedis(), startRedis()]);
  expect(new Set(servers.map(({ url }) => new URL(url).port)).size).toBe(3);
  const processes = servers.map(({ pid }) => ({ pid, startTime: startTimeOf(pid) ?? '' }));
  await Promise.all(servers.map((server) => server.stop()));
  expect(processes.filter(({ pid, startTime }) => isRunning(pid, startTime))).toEqual([]);
});

test('a redis-server that cannot start says why', { timeout: 60_000 }, async () => {
  await expect(startRedis({ command: '/nonexistent/redis-server' })).rejects.toMatchObject({
    code: 'EMBEDDED_START_FAILED',
    message: expect.stringContaining('ENOENT'),
  });
});

test('Redis that is killed comes back at the same URL, empty, and is told of', { timeout: 60_000 }, async () => {
  const restarts: number[] = [];
  await using redis = await startRedis({ onRestart: (pid) => restarts.push(pid) });
  const { password } = new URL(redis.url);
  await talk(redis.url, `AUTH ${password}`, 'SET a b');
  const killed = redis.pid;
  process.kill(killed, 'SIGKILL');
  await vi.waitFor(() => expect(restarts).toEqual([redis.pid]), { timeout: 20_000 });
  expect(redis.pid).not.toBe(killed);
  expect(await talk(redis.url, `AUTH ${password}`, 'GET a')).toContain('$-1');
});
