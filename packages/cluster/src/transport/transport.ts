import type { PlumblineError } from '@plumbline/errors';
import { type Logger, traced } from '@plumbline/telemetry';
import type { Endpoint } from '../access/endpoint.ts';
import type { RequestCounter } from '../requests/request-counter.ts';
import { pause } from './backoff.ts';
import type { Call } from './call.ts';
import { type Failure, nextWait } from './call-repeats.ts';
import { CallSender } from './call-sender.ts';
import { answerError, networkError } from './errors.ts';
import type { Answer } from './exchange.ts';
import type { KubeSocket, SocketOptions } from './web-socket.ts';

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

interface TransportOptions {
  logger: Logger;
  counter: RequestCounter;
}

function refusal({ verb, path }: Call, { status, text }: Answer): PlumblineError {
  return answerError({ status, body: text, verb, path });
}

async function attempt(sender: CallSender, call: Call, repeated: boolean): Promise<Answer | Failure> {
  try {
    const answer = await sender.send(call, { repeated });
    return answer.status < 400 ? answer : { answer, error: refusal(call, answer) };
  } catch (error) {
    return { error };
  }
}

/** Sends calls to one endpoint, with its credentials, retries and counts. */
export function createTransport(endpoint: Endpoint, { logger, counter }: TransportOptions): Transport {
  const { server } = endpoint;
  const sender = new CallSender(endpoint, counter);

  const noAnswer = ({ verb, path }: Call, error: unknown) => networkError(error, { verb, path, server });

  const sendPatiently = async (call: Call): Promise<Answer> => {
    for (let number = 1; ; number += 1) {
      const outcome = await attempt(sender, call, number > 1);
      if (!('error' in outcome)) return outcome;
      const wait = nextWait(call, outcome, number);
      if (wait === undefined) throw outcome.answer ? outcome.error : noAnswer(call, outcome.error);
      const { verb, path } = call;
      logger.debug('repeat a request', { verb, path, attempt: number, waitMs: Math.round(wait) });
      await pause(wait, call.signal);
    }
  };

  return {
    server,
    send(call) {
      if (call.method === 'GET') return sendPatiently(call);
      const [path] = call.path.split('?');
      return traced(`kubernetes ${call.verb}`, { server, path }, () => sendPatiently(call));
    },
    async stream(call, { onOpen, onData }, silenceMs) {
      const onStart = (status: number) => {
        if (status === 200) onOpen();
        return status === 200;
      };
      const options = { sink: { onStart, onData }, bodyTimeoutMs: silenceMs };
      const answer = await sender.send(call, options).catch((error: unknown) => {
        throw noAnswer(call, error);
      });
      if (answer.status !== 200) throw refusal(call, answer);
    },
    socket: (call, options) => sender.socket(call, options),
    close: () => sender.close(),
  };
}
