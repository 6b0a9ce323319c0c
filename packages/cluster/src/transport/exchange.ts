import type { Dispatcher } from 'undici';

/** A request as undici's dispatcher takes it. */
export interface Message {
  origin: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Longest silence within the answer, in milliseconds; its beginning comes sooner, see {@link beginningMs}. */
  bodyTimeoutMs?: number;
}

/** The longest that a stream may take to begin: servers begin one at once, and a connection that hangs must be noticed. */
const beginningMs = 10_000;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Receives a body as it comes. Returning false from `onStart` collects the body into the answer instead. */
export interface BodySink {
  onStart(status: number): boolean;
  /** What it throws ends the exchange with that error. */
  onData(chunk: Buffer): void;
}

/** Never mixed up with a network error: what the caller's signal did. */
export class AbortedError extends Error {
  constructor() {
    super('the request was given up');
    this.name = 'AbortError';
  }
}

function textOf(chunks: Buffer[]): string {
  const [first] = chunks;
  if (first === undefined) return '';
  return (chunks.length === 1 ? first : Buffer.concat(chunks)).toString('utf8');
}

function dispatchOptions({ signal: _, bodyTimeoutMs, body, ...rest }: Message): Dispatcher.DispatchOptions {
  return {
    ...rest,
    method: rest.method as Dispatcher.HttpMethod,
    body: body ?? null,
    // Kubernetes reads the bodies of DELETE requests; undici would close the connection after each one.
    reset: false,
    ...(bodyTimeoutMs === undefined
      ? {}
      : { bodyTimeout: bodyTimeoutMs, headersTimeout: Math.min(bodyTimeoutMs, beginningMs) }),
  };
}

/** What undici tells of one request, gathered into one answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #settled = Promise.withResolvers<Answer>();
  readonly #signal: AbortSignal | undefined;
  readonly #sink: BodySink | undefined;
  readonly #answer: Answer = { status: 0, headers: {}, text: '' };
  readonly #chunks: Buffer[] = [];
  #streaming = false;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(signal: AbortSignal | undefined, sink: BodySink | undefined) {
    this.#signal = signal;
    this.#sink = sink;
    signal?.addEventListener('abort', this.#abort);
  }

  get answer(): Promise<Answer> {
    return this.#settled.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal?.aborted) controller.abort(new AbortedError());
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Answer['headers']): void {
    this.#answer.status = status;
    this.#answer.headers = headers;
    this.#streaming = this.#sink?.onStart(status) ?? false;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#streaming) {
      this.#chunks.push(chunk);
      return;
    }
    try {
      this.#sink?.onData(chunk);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  onResponseEnd(): void {
    this.#answer.text = textOf(this.#chunks);
    this.#release();
    this.#settled.resolve(this.#answer);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#release();
    this.#settled.reject(error);
  }

  #fail(error: Error): void {
    this.#controller?.abort(error);
    this.#release();
    this.#settled.reject(error);
  }

  #abort = (): void => this.#fail(new AbortedError());

  #release(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
  }
}

/**
 * One request and its answer, straight on the dispatcher: no streams and no promises per chunk. With a sink, the
 * body goes there and `text` stays empty. Rejects on network errors, with {@link AbortedError} when the signal aborts.
 */
export async function exchange(dispatcher: Dispatcher, message: Message, sink?: BodySink): Promise<Answer> {
  const { signal } = message;
  if (signal?.aborted) throw new AbortedError();
  const one = new Exchange(signal, sink);
  dispatcher.dispatch(dispatchOptions(message), one);
  return one.answer;
}
