import { retryClass } from '@plumbline/errors';
import { type Logger, traced } from '@plumbline/telemetry';
import { type Backoff, backoffDelay, pause } from './backoff.ts';
import { createDispatchers } from './dispatchers.ts';
import type { Endpoint } from './endpoint.ts';
import { answerError, networkError } from './errors.ts';
import { AbortedError, type Answer, type BodySink, exchange, type Message } from './exchange.ts';
import type { RequestCounter } from './request-counter.ts';
import { type KubeSocket, openSocket, type SocketOptions } from './web-socket.ts';

/** One call to the API server. */
export interface Call {
  /** What it counts as. */
  verb: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With query. */
  path: string;
  body?: string | undefined;
  contentType?: string;
  accept?: string;
  ifNoneMatch?: string | undefined;
  /** User to act as. */
  impersonate?: string | undefined;
  signal?: AbortSignal | undefined;
  /** `idempotent`: sent again after 5xx and connection errors; `refused`: only where it never began; `never`. */
  retry: 'idempotent' | 'refused' | 'never';
}

export interface Transport {
  readonly server: string;
  /** Answers below 400; others, and network errors that outlast the retries, are thrown as `PlumblineError`. */
  send(call: Call): Promise<Answer>;
  /** As `send`, without retries, over the watches' connections; a 200's body goes to the sink. */
  stream(call: Call, sink: { onOpen(): void; onData(chunk: Buffer): void }, silenceMs: number): Promise<void>;
  /** Opens a connection of messages, over a connection of its own. */
  socket(call: Pick<Call, 'path' | 'impersonate'>, options: SocketOptions): Promise<KubeSocket>;
  close(): Promise<void>;
}

export interface TransportOptions {
  logger: Logger;
  counter: RequestCounter;
}

const attempts = 5;
const backoff: Backoff = { baseMs: 50, maxMs: 2_000 };
const longestRetryAfterMs = 10_000;
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function retryAfterMs(answer: Answer): number | undefined {
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestRetryAfterMs) : undefined;
}

function neverBegan(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && neverSent.has(code);
}

/** What came of an attempt that failed: an answer (as an error), or no answer. */
interface Failure {
  error: unknown;
  answer?: Answer;
}

function worthRepeating(call: Call, { error, answer }: Failure): boolean {
  if (call.retry === 'never' || error instanceof AbortedError) return false;
  if (answer === undefined) return call.retry === 'idempotent' || neverBegan(error);
  if (answer.status === 429) return true;
  return call.retry === 'idempotent' && answer.status >= 500 && retryClass(error) === 'transient';
}

/** How long to wait before the next attempt, or undefined where there is none. */
function nextWait(call: Call, failure: Failure, attempt: number): number | undefined {
  if (attempt >= attempts || call.signal?.aborted || !worthRepeating(call, failure)) return undefined;
  return (failure.answer && retryAfterMs(failure.answer)) ?? backoffDelay(backoff, attempt);
}

function headersOf(call: Call, authorization: string | undefined): Record<string, string> {
  return {
    'user-agent': 'plumbline',
    accept: call.accept ?? 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
    ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
    ...(call.ifNoneMatch === undefined ? {} : { 'if-none-match': call.ifNoneMatch }),
    ...(call.impersonate === undefined ? {} : { 'impersonate-user': call.impersonate }),
  };
}

/** Sends calls to one endpoint, with its credentials, retries and counts. */
export function createTransport(endpoint: Endpoint, { logger, counter }: TransportOptions): Transport {
  const { origin, pathname } = new URL(endpoint.server);
  const prefix = pathname === '/' ? '' : pathname;
  const dispatchers = createDispatchers(endpoint);

  const messageOf = async (call: Call, renew: boolean): Promise<Message> => ({
    origin,
    method: call.method,
    path: prefix + call.path,
    headers: headersOf(call, await endpoint.authorization(renew)),
    body: call.body,
    signal: call.signal,
  });

  const refusal = (call: Call, answer: Answer) =>
    answerError({ status: answer.status, body: answer.text, verb: call.verb, path: call.path });
  const noAnswer = (call: Call, error: unknown) =>
    networkError(error, { verb: call.verb, path: call.path, server: endpoint.server });

  const count = (call: Call, answer: Answer | undefined, { started, again }: { started: number; again: boolean }) =>
    counter.answered({
      server: endpoint.server,
      verb: call.verb,
      method: call.method,
      path: call.path,
      status: answer?.status ?? 0,
      seconds: (performance.now() - started) / 1000,
      requestBytes: call.body?.length ?? 0,
      responseBytes: answer?.text.length ?? 0,
      again,
    });

  const once = async (
    call: Call,
    { sink, bodyTimeoutMs, repeated = false }: { sink?: BodySink; bodyTimeoutMs?: number; repeated?: boolean } = {},
  ): Promise<Answer> => {
    const dispatcher = sink ? dispatchers.watches : dispatchers.requests;
    const timeout = bodyTimeoutMs === undefined ? {} : { bodyTimeoutMs };
    for (const renew of [false, true]) {
      const message = await messageOf(call, renew);
      counter.sent(call.verb);
      const attempt = { started: performance.now(), again: repeated || renew };
      const answer = await exchange(dispatcher, { ...message, ...timeout }, sink).catch((error: unknown) => {
        count(call, undefined, attempt);
        throw error;
      });
      count(call, answer, attempt);
      if (answer.status !== 401 || renew) return answer;
    }
    throw new Error('unreachable: the second attempt returns');
  };

  const attemptOnce = async (call: Call, repeated: boolean): Promise<Answer | Failure> => {
    try {
      const answer = await once(call, { repeated });
      return answer.status < 400 ? answer : { answer, error: refusal(call, answer) };
    } catch (error) {
      return { error };
    }
  };

  const sendPatiently = async (call: Call): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptOnce(call, attempt > 1);
      if (!('error' in outcome)) return outcome;
      const wait = nextWait(call, outcome, attempt);
      if (wait === undefined) throw outcome.answer ? outcome.error : noAnswer(call, outcome.error);
      logger.debug('repeat a request', { verb: call.verb, path: call.path, attempt, waitMs: Math.round(wait) });
      await pause(wait, call.signal);
    }
  };

  const send = (call: Call): Promise<Answer> => {
    if (call.method === 'GET') return sendPatiently(call);
    const [path] = call.path.split('?');
    return traced(`kubernetes ${call.verb}`, { server: endpoint.server, path }, () => sendPatiently(call));
  };

  const stream: Transport['stream'] = async (call, { onOpen, onData }, silenceMs) => {
    const onStart = (status: number) => {
      if (status !== 200) return false;
      onOpen();
      return true;
    };
    const answer = await once(call, { sink: { onStart, onData }, bodyTimeoutMs: silenceMs }).catch((error: unknown) => {
      throw noAnswer(call, error);
    });
    if (answer.status !== 200) throw refusal(call, answer);
  };

  const socket: Transport['socket'] = async ({ path, impersonate }, options) => {
    counter.sent('connect');
    const { headers } = await messageOf({ verb: 'connect', method: 'GET', path, impersonate, retry: 'never' }, false);
    return openSocket({ dispatcher: dispatchers.requests, origin, path: prefix + path, headers }, options);
  };

  return { server: endpoint.server, send, stream, socket, close: () => dispatchers.close() };
}
