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

/**
 * One request and its answer, straight on the dispatcher: no streams and no promises per chunk. With a sink, the
 * body goes there and `text` stays empty. Rejects on network errors, with {@link AbortedError} when the signal aborts.
 */
export function exchange(dispatcher: Dispatcher, message: Message, sink?: BodySink): Promise<Answer> {
  const { signal, bodyTimeoutMs, body, ...rest } = message;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new AbortedError());
      return;
    }
    const answer: Answer = { status: 0, headers: {}, text: '' };
    const chunks: Buffer[] = [];
    let streaming = false;
    let controller: Dispatcher.DispatchController | undefined;
    const end = (error: Error) => {
      controller?.abort(error);
      settle(() => reject(error));
    };
    const abort = () => end(new AbortedError());
    const settle = (finish: () => void) => {
      signal?.removeEventListener('abort', abort);
      finish();
    };
    signal?.addEventListener('abort', abort);
    const options = {
      ...rest,
      method: rest.method as Dispatcher.HttpMethod,
      body: body ?? null,
      // Kubernetes reads the bodies of DELETE requests; undici would close the connection after each one.
      reset: false,
      ...(bodyTimeoutMs === undefined
        ? {}
        : { bodyTimeout: bodyTimeoutMs, headersTimeout: Math.min(bodyTimeoutMs, beginningMs) }),
    };
    dispatcher.dispatch(options, {
      onRequestStart: (started) => {
        controller = started;
        if (signal?.aborted) started.abort(new AbortedError());
      },
      onResponseStart: (_controller, status, headers) => {
        answer.status = status;
        answer.headers = headers;
        streaming = sink?.onStart(status) ?? false;
      },
      onResponseData: (_controller, chunk) => {
        if (!streaming) {
          chunks.push(chunk);
          return;
        }
        try {
          sink?.onData(chunk);
        } catch (error) {
          end(error instanceof Error ? error : new Error(String(error)));
        }
      },
      onResponseEnd: () => {
        answer.text = textOf(chunks);
        settle(() => resolve(answer));
      },
      onResponseError: (_controller, error) => settle(() => reject(error)),
    });
  });
}

function textOf(chunks: Buffer[]): string {
  const [first] = chunks;
  if (first === undefined) return '';
  return (chunks.length === 1 ? first : Buffer.concat(chunks)).toString('utf8');
}
