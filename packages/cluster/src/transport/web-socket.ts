import { PlumblineError } from '@plumbline/errors';
import { type Dispatcher, WebSocket } from 'undici';
import { answerError, networkError } from './errors.ts';

/** An open connection of messages to the API server. */
export interface KubeSocket {
  /** The subprotocol that the server has chosen. */
  readonly protocol: string;
  send(message: Uint8Array): void;
  close(): void;
}

export interface SocketOptions {
  protocols: readonly string[];
  onMessage(message: Buffer): void;
  /** The connection is over, whoever ended it. */
  onClose(): void;
  signal: AbortSignal;
}

/** How a connection is opened. */
interface SocketRequest {
  dispatcher: Dispatcher;
  /** For example `https://10.0.0.1:6443`. */
  origin: string;
  path: string;
  headers: Record<string, string>;
}

/**
 * What the API server says instead of opening the connection: a WebSocket does not tell. Asks once more and reads the answer;
 * `undefined` where the server would open it now.
 */
function refusal({ dispatcher, origin, path, headers }: SocketRequest, protocols: readonly string[]) {
  const handshake = {
    ...headers,
    connection: 'upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'cGx1bWJsaW5lLXByb2JlLSE=',
    'sec-websocket-protocol': protocols.join(', '),
  };
  return new Promise<unknown>((resolve) => {
    const chunks: Buffer[] = [];
    let status = 0;
    dispatcher.dispatch(
      { origin, path, method: 'GET', headers: handshake, upgrade: 'websocket' },
      {
        onRequestStart: () => undefined,
        onRequestUpgrade: (_controller, _status, _headers, socket) => {
          socket.destroy();
          resolve(undefined);
        },
        onResponseStart: (_controller, code) => {
          status = code;
        },
        onResponseData: (_controller, chunk) => void chunks.push(chunk),
        onResponseEnd: () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolve(answerError({ status, body, verb: 'connect', path: path.replace(/\?.*/, '') }));
        },
        onResponseError: (_controller, error) =>
          resolve(networkError(error, { verb: 'connect', path: path.replace(/\?.*/, ''), server: origin })),
      },
    );
  });
}

/** Opens a WebSocket. Throws what the API server says where it refuses. */
export function openSocket(
  request: SocketRequest,
  { protocols, onMessage, onClose, signal }: SocketOptions,
): Promise<KubeSocket> {
  const { dispatcher, origin, path, headers } = request;
  const url = origin.replace(/^http/, 'ws') + path;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = new WebSocket(url, { protocols: [...protocols], dispatcher, headers });
    socket.binaryType = 'arraybuffer';
    const close = () => socket.close();
    signal.addEventListener('abort', close, { once: true });
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      resolve({ protocol: socket.protocol, send: (message) => socket.send(message), close });
    });
    socket.addEventListener('message', ({ data }: { data: unknown }) => {
      onMessage(Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : String(data)));
    });
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', close);
      if (opened) {
        onClose();
        return;
      }
      const unexplained = new PlumblineError('KUBE_UNAVAILABLE', `${origin} did not open a connection for messages`);
      refusal(request, protocols).then((reason) => reject(reason ?? unexplained), reject);
    });
  });
}
