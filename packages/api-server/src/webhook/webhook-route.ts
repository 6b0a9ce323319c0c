import type { ApiSettings } from '@plumbline/settings';
import type { Logger, Metrics } from '@plumbline/telemetry';
import type { Express, Request, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import { type Header, providerOf, pushesOf } from './providers.ts';
import type { PushEvent } from './push-event.ts';
import { isGenuine } from './verify-sender.ts';
import type { WebhookQueue } from './webhook-queue.ts';

export interface WebhookRouteParts {
  queue: WebhookQueue;
  settings(): ApiSettings['webhook'];
  logger: Logger;
  metrics: Metrics;
}

/** A refusal of an event, as a status and a text for its sender. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Nothing is kept of a body that is too large; the sender is told before it has sent it all. */
async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (maxBytes: number): Refusal =>
  new Refusal(413, `the event is larger than webhook.maxPayloadSizeMB allows (${Math.round(maxBytes / 2 ** 20)} MiB)`);

/** JSON, or a form with JSON in it, as GitHub and Gogs can send it. */
function parsedBody(request: Request, body: Buffer): unknown {
  const text = body.toString('utf8');
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  try {
    return JSON.parse(form ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    throw new Refusal(400, 'the event is not valid JSON');
  }
}

function pushesIn(
  header: Header,
  body: Buffer,
  parsed: unknown,
  secrets: ApiSettings['webhook']['secrets'],
): PushEvent[] {
  const provider = providerOf(header, parsed);
  if (!provider) throw new Refusal(400, 'Unknown webhook event: no header of a known Git host');
  if (!isGenuine(provider, { header, body }, secrets)) {
    throw new Refusal(401, `the event is not signed with the secret that is set for ${provider}`);
  }
  try {
    return pushesOf(provider, header, parsed);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues;
    throw new Refusal(400, `no event of ${provider}: ${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
}

function refuse(response: Response, status: number, message: string): void {
  // What was not read of the body is not waited for.
  response.status(status).set('connection', 'close').type('text/plain').send(message);
}

/** Takes events of Git hosts (reference §8.4): they are answered at once and worked on later. */
export function mountWebhook(app: Express, { queue, settings, logger, metrics }: WebhookRouteParts): void {
  const total = metrics.counter({
    name: 'argocd_webhook_requests_total',
    help: 'Pushes that Git hosts have told of.',
    labels: ['repo'],
  });
  metrics.gauge({
    name: 'argocd_webhook_handlers_in_flight',
    help: 'Pushes that are being worked on.',
    collect: (gauge) => gauge.set({}, queue.waiting()),
  });
  const handle: RequestHandler = async (request, response) => {
    response.locals['route'] = 'webhook';
    if (request.method !== 'POST') {
      refuse(response.set('allow', 'POST'), 405, 'events are sent by POST');
      return;
    }
    try {
      const { secrets, maxPayloadBytes } = settings();
      const body = await readBody(request, maxPayloadBytes);
      const header: Header = (name) => request.get(name);
      for (const push of pushesIn(header, body, parsedBody(request, body), secrets)) {
        total.inc({ repo: push.urls[0] ?? '' });
        if (!queue.take(push)) throw new Refusal(503, 'too many events wait: send it again later');
      }
      response.status(200).type('text/plain').send('ok');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      logger.info('an event of a Git host was refused', { status: error.status, reason: error.message });
      refuse(response, error.status, error.message);
    }
  };
  app.all('/api/webhook', handle);
}
