import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await apiFixture();
}, 600_000);
afterAll(() => fixture?.close());

const ask = (path: string, headers: Record<string, string> = {}, signal: AbortSignal | null = null) =>
  fixture.raw(path, { headers: { authorization: `Bearer ${fixture.token}`, ...headers }, signal });

it('compresses a list for a caller who can read that', async () => {
  const [{ name }] = await Promise.all([fixture.created(), fixture.created(), fixture.created(), fixture.created()]);
  const compressed = await ask('/api/v1/applications', { 'accept-encoding': 'gzip' });
  expect(compressed.headers.get('content-encoding')).toBe('gzip');
  expect(await compressed.text()).toContain(name);
  const plain = await ask('/api/v1/applications', { 'accept-encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toContain(name);
});

it('does not hold the frames of a stream back', async () => {
  const { name } = await fixture.created();
  const stop = new AbortController();
  const stream = await ask('/api/v1/stream/applications', { 'accept-encoding': 'gzip' }, stop.signal);
  expect(stream.headers.get('content-encoding')).toBeNull();
  let text = '';
  for await (const chunk of stream.body ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes(name)) break;
  }
  expect(text).toContain(name);
  stop.abort();
});
