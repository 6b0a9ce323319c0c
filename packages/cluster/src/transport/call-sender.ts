import type { Endpoint } from '../access/endpoint.ts';
import type { RequestCounter } from '../requests/request-counter.ts';
import { type Call, headersOf } from './call.ts';
import { createDispatchers, type Dispatchers } from './dispatchers.ts';
import { type Answer, type BodySink, exchange, type Message } from './exchange.ts';
import { type KubeSocket, openSocket, type SocketOptions } from './web-socket.ts';

interface SendOptions {
  /** Takes the body of the answer, over the watches' connections. */
  sink?: BodySink;
  /** Longest silence within the answer. */
  bodyTimeoutMs?: number;
  /** It is not the call's first attempt. */
  repeated?: boolean;
}

interface Attempt {
  started: number;
  again: boolean;
}

/** Sends calls to one endpoint with its credentials, and counts them. */
export class CallSender {
  readonly #endpoint: Endpoint;
  readonly #counter: RequestCounter;
  readonly #dispatchers: Dispatchers;
  readonly #origin: string;
  readonly #prefix: string;

  constructor(endpoint: Endpoint, counter: RequestCounter) {
    const { origin, pathname } = new URL(endpoint.server);
    this.#endpoint = endpoint;
    this.#counter = counter;
    this.#dispatchers = createDispatchers(endpoint);
    this.#origin = origin;
    this.#prefix = pathname === '/' ? '' : pathname;
  }

  /** One attempt, whatever the answer's status; where the credentials are refused, a second one with renewed ones. */
  async send(call: Call, { repeated = false, ...options }: SendOptions = {}): Promise<Answer> {
    const answer = await this.#exchange(call, { renew: false, again: repeated }, options);
    return answer.status === 401 ? this.#exchange(call, { renew: true, again: true }, options) : answer;
  }

  async socket({ path, impersonate }: Pick<Call, 'path' | 'impersonate'>, options: SocketOptions): Promise<KubeSocket> {
    this.#counter.sent('connect');
    const call: Call = { verb: 'connect', method: 'GET', path, impersonate, retry: 'never' };
    const message = await this.#message(call, false);
    const { origin, headers } = message;
    return openSocket({ dispatcher: this.#dispatchers.requests, origin, path: message.path, headers }, options);
  }

  close(): Promise<void> {
    return this.#dispatchers.close();
  }

  async #exchange(
    call: Call,
    { renew, again }: { renew: boolean; again: boolean },
    { sink, bodyTimeoutMs }: SendOptions,
  ): Promise<Answer> {
    const dispatcher = sink ? this.#dispatchers.watches : this.#dispatchers.requests;
    const message = await this.#message(call, renew);
    if (bodyTimeoutMs !== undefined) message.bodyTimeoutMs = bodyTimeoutMs;
    this.#counter.sent(call.verb);
    const attempt = { started: performance.now(), again };
    const answer = await exchange(dispatcher, message, sink).catch((error: unknown) => {
      this.#count(call, undefined, attempt);
      throw error;
    });
    this.#count(call, answer, attempt);
    return answer;
  }

  async #message(call: Call, renew: boolean): Promise<Message> {
    return {
      origin: this.#origin,
      method: call.method,
      path: this.#prefix + call.path,
      headers: headersOf(call, await this.#endpoint.authorization(renew)),
      body: call.body,
      signal: call.signal,
    };
  }

  #count(call: Call, answer: Answer | undefined, { started, again }: Attempt): void {
    this.#counter.answered({
      server: this.#endpoint.server,
      verb: call.verb,
      method: call.method,
      path: call.path,
      status: answer?.status ?? 0,
      seconds: (performance.now() - started) / 1000,
      requestBytes: call.body?.length ?? 0,
      responseBytes: answer?.text.length ?? 0,
      again,
    });
  }
}
