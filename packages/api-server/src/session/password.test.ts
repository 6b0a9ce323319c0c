import { hash } from 'bcryptjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountSettings, localAccount } from '../test-support/account-settings.ts';
import { createLoginLimit, loginLimitsFrom } from './login-limit.ts';
import { checkPassword } from './password.ts';

const time = { at: 0 };
const limit = (change: object = {}) =>
  createLoginLimit({ maxFailures: 5, windowMs: 300_000, maxAtOnce: 50, now: () => new Date(time.at), ...change });

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
