import type { Counters } from '@plumbline/store';
import { silentLogger } from '@plumbline/telemetry';
import { hash } from 'bcryptjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountSettings, localAccount } from '../test-support/account-settings.ts';
import { createLoginLimit, loginLimitsFrom } from './login-limit.ts';
import { checkPassword } from './password.ts';

const time = { at: 0 };

/** Counters as Redis has them, with the clock of these tests. */
function memoryCounters(): Counters {
  const known = new Map<string, { count: number; until: number }>();
  const get = (key: string) => {
    const found = known.get(key);
    return found && time.at < found.until ? found.count : 0;
  };
  return {
    get: async (key) => get(key),
    increment: async (key, ttlMs) => {
      const count = get(key) + 1;
      known.set(key, { count, until: time.at + ttlMs });
      return count;
    },
    delete: async (key) => void known.delete(key),
  };
}

const limit = (change: object = {}) =>
  createLoginLimit({
    maxFailures: 5,
    windowMs: 300_000,
    maxAtOnce: 50,
    counters: memoryCounters(),
    logger: silentLogger,
    now: () => new Date(time.at),
    ...change,
  });

let settings: ReturnType<typeof accountSettings>;

beforeAll(async () => {
  const passwordHash = await hash('right', 4);
  settings = accountSettings([
    localAccount({ name: 'bob', passwordHash }),
    localAccount({ name: 'eve', passwordHash }),
    localAccount({ name: 'off', passwordHash, enabled: false }),
    localAccount({ name: 'bot', passwordHash, capabilities: ['apiKey'] }),
    localAccount({ name: 'new' }),
  ]);
});

describe('checkPassword', () => {
  it.each([
    ['bob', 'wrong'],
    ['nobody', 'right'],
    ['off', 'right'],
    ['bot', 'right'],
    ['new', 'right'],
    ['', ''],
  ])('refuses %s with %s in the same words', async (username, password) => {
    await expect(checkPassword(settings, limit(), { username, password })).rejects.toThrow(
      /^Invalid username or password$/,
    );
  });

  it('locks an account after five failures for five minutes, whatever other names are tried meanwhile', async () => {
    const counts = limit();
    const ask = (username: string, password: string) => checkPassword(settings, counts, { username, password });
    const guesses = Array.from({ length: 5 }, () => expect(ask('bob', 'wrong')).rejects.toThrow('Invalid'));
    await Promise.all(guesses);
    for (let name = 0; name < 8; name += 1) await expect(ask(`name-${name}`, 'wrong')).rejects.toThrow('Invalid');
    await expect(ask('bob', 'right')).rejects.toThrow('Invalid');
    await ask('eve', 'right');
    time.at += 300_000;
    await ask('bob', 'right');
  });

  it('counts together with other servers, whose bursts get no attempts beside', async () => {
    const counters = memoryCounters();
    const servers = [limit({ counters }), limit({ counters })];
    const guesses = Array.from({ length: 8 }, (_, at) => {
      const counts = servers[at % 2] ?? limit();
      return checkPassword(settings, counts, { username: 'bob', password: at < 5 ? 'wrong' : 'right' });
    });
    const outcomes = await Promise.allSettled(guesses);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    time.at += 300_000;
  });

  it('goes on counting here while Redis cannot be asked', async () => {
    const broken = () => Promise.reject(new Error('no Redis'));
    const counts = limit({ maxFailures: 1, counters: { get: broken, increment: broken, delete: broken } });
    const ask = (password: string) => checkPassword(settings, counts, { username: 'bob', password });
    await expect(ask('wrong')).rejects.toThrow('Invalid');
    await expect(ask('right')).rejects.toThrow('Invalid');
    time.at += 300_000;
    await ask('right');
  });

  it('forgets failures after a success', async () => {
    const counts = limit({ maxFailures: 2 });
    const ask = (password: string) => checkPassword(settings, counts, { username: 'bob', password });
    for (let round = 0; round < 3; round += 1) {
      await expect(ask('wrong')).rejects.toThrow('Invalid');
      await ask('right');
    }
  });

  it('refuses to check too many at once', async () => {
    const counts = limit({ maxAtOnce: 1 });
    const first = checkPassword(settings, counts, { username: 'bob', password: 'right' });
    await expect(checkPassword(settings, counts, { username: 'eve', password: 'right' })).rejects.toThrow('too many');
    await first;
  });
});

it('takes Argo CD’s environment variables for the limits', () => {
  expect(
    loginLimitsFrom({ ARGOCD_SESSION_FAILURE_MAX_FAIL_COUNT: '3', ARGOCD_SESSION_FAILURE_WINDOW_SECONDS: 'x' }),
  ).toEqual({ maxFailures: 3, windowMs: 300_000, maxAtOnce: 50 });
});
