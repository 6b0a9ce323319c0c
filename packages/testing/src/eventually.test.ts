import { expect, test } from 'vitest';
import { eventually, never } from './eventually.ts';

test('it returns the first truthy answer', async () => {
  const answers = [undefined, 0, '', 'there'];
  expect(await eventually(() => answers.shift(), { what: 'an answer', intervalMs: 1 })).toBe('there');
});

test('errors are taken as "not yet"', async () => {
  let attempts = 0;
  const check = async () => {
    attempts += 1;
    if (attempts < 3) throw new Error('not yet');
    return attempts;
  };
  expect(await eventually(check, { what: 'the third attempt', intervalMs: 1 })).toBe(3);
});

test('when time is up the message has the last value', async () => {
  const check = () => eventually(() => 0, { what: 'a number', timeoutMs: 5, intervalMs: 1 });
  await expect(check()).rejects.toThrow('waited 5 ms for a number; last value: 0');
});

test('when time is up the message has the last error', async () => {
  const check = () => Promise.reject(new Error('connection refused'));
  const wait = eventually(check, { what: 'the server', timeoutMs: 5, intervalMs: 1 });
  await expect(wait).rejects.toThrow('waited 5 ms for the server; last error: connection refused');
});

test('an abort ends the wait', async () => {
  const signal = AbortSignal.timeout(5);
  await expect(eventually(() => false, { what: 'nothing', signal })).rejects.toMatchObject({ name: 'AbortError' });
});

test('never passes while nothing happens and fails at once when it does', async () => {
  await never(() => false, { what: 'an event', forMs: 10, intervalMs: 1 });
  let calls = 0;
  const check = () => {
    calls += 1;
    return calls === 3 && { seen: true };
  };
  const watch = never(check, { what: 'an event', forMs: 60_000, intervalMs: 1 });
  await expect(watch).rejects.toThrow(/must not happen: an event; it did after \d+ ms: { seen: true }/);
});
