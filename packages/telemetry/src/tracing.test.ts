import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { otlpSettings } from './otlp-settings.ts';
import { createTracing, noTracing, traced, traceparent } from './tracing.ts';

interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status: { code?: number; message?: string };
  attributes: { key: string; value: { stringValue?: string } }[];
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A receiver of OTLP over HTTP. */
async function receiver() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => new Promise((done) => server.close(done)));
  const spans = (): SentSpan[] =>
    bodies.flatMap((body) =>
      JSON.parse(body).resourceSpans.flatMap((one: { scopeSpans: { spans: SentSpan[] }[] }) =>
        one.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, spans };
}

it('sends spans with their parents to an OTLP receiver, and goes on from a traceparent', async () => {
  const { url, bodies, spans } = await receiver();
  const tracing = await createTracing('test', otlpSettings(undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: url }));
  const handed = await tracing.begin('webhook', {}, () => traced('queue', {}, async () => traceparent()));
  await tracing.begin('pass', { parent: handed }, async () => undefined);
  await tracing.close();
  const [webhook, queue, pass] = ['webhook', 'queue', 'pass'].map((name) => spans().find((span) => span.name === name));
  expect(queue?.parentSpanId).toBe(webhook?.spanId);
  expect(pass?.parentSpanId).toBe(queue?.spanId);
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  expect(bodies.join()).toContain('"service.name"');
});

it('tells failures and attributes without what looks like a credential', async () => {
  const { url, bodies, spans } = await receiver();
  const tracing = await createTracing('test', otlpSettings(undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: url }));
  const failing = tracing.begin('fetch', { attributes: { repo: 'https://u:canary@git.example/r' } }, async () => {
    throw new Error('https://u:canary@git.example/r: refused');
  });
  await expect(failing).rejects.toThrow('refused');
  await tracing.close();
  expect(spans()[0]?.status).toMatchObject({ code: 2, message: expect.stringContaining('refused') });
  expect(bodies.join()).not.toContain('canary');
});

it('costs nothing and hands on nothing where no place to send to is known', async () => {
  expect(await createTracing('test', undefined)).toBe(noTracing);
  expect(await noTracing.begin('a', {}, () => traced('b', {}, async () => traceparent()))).toBeUndefined();
});

it('is held up by no receiver that is not there', async () => {
  const tracing = await createTracing(
    'test',
    otlpSettings(undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }),
  );
  expect(await tracing.begin('a', {}, async () => 'done')).toBe('done');
  await tracing.close();
});

it.each([
  ['collector:4318', true, 'http://collector:4318/v1/traces'],
  ['collector:4318', false, 'https://collector:4318/v1/traces'],
  ['https://collector.example/otlp/', true, 'https://collector.example/otlp/v1/traces'],
])('takes the address %s (insecure: %s) for %s', (address, insecure, url) => {
  const parameters = { address, insecure, headers: {}, attributes: {}, sampleRatio: 1 };
  expect(otlpSettings(parameters, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other' })?.url).toBe(url);
});
