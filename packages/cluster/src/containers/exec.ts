import { PlumblineError } from '@plumbline/errors';
import type { KubeSocket, SocketOptions } from '../transport/web-socket.ts';

/** A container and what to run in it. */
export interface ExecTarget {
  namespace: string;
  pod: string;
  container: string;
  command: readonly string[];
}

export interface ExecOptions {
  /** Bytes that the command has written, both of its outputs together, as a terminal shows them. */
  onOutput(data: Buffer): void;
  /** The command is over. `reason` is absent where it ended well. */
  onEnd(reason?: string): void;
  signal: AbortSignal;
}

/** A command that runs in a container with a terminal of its own. */
export interface ExecSession {
  write(data: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  close(): void;
}

/** First bytes of messages of `channel.k8s.io`. */
const channels = { input: 0, output: 1, errors: 2, status: 3, size: 4 } as const;
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

function execPath({ namespace, pod, container, command }: ExecTarget): string {
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', tty: 'true' });
  for (const word of command) query.append('command', word);
  const name = (part: string) => encodeURIComponent(part);
  return `/api/v1/namespaces/${name(namespace)}/pods/${name(pod)}/exec?${query}`;
}

/** Why the command ended; undefined where it ended well. */
function reasonOf(text: string): string | undefined {
  try {
    const status = JSON.parse(text) as { status?: string; message?: string };
    return status.status === 'Success' ? undefined : status.message || 'the command failed';
  } catch {
    return text || 'the command failed';
  }
}

const framed = (channel: number, data: Uint8Array): Uint8Array => Buffer.concat([Buffer.of(channel), data]);

/** Runs a command in a container. Throws what the API server says where it refuses; `KUBE_CONFIG` where it speaks no known protocol. */
export async function exec(
  open: (path: string, options: SocketOptions) => Promise<KubeSocket>,
  target: ExecTarget,
  { onOutput, onEnd, signal }: ExecOptions,
): Promise<ExecSession> {
  let reason: string | undefined = 'the connection to the container was lost';
  const onMessage = (message: Buffer): void => {
    const data = message.subarray(1);
    if (message[0] === channels.output || message[0] === channels.errors) onOutput(data);
    else if (message[0] === channels.status) reason = reasonOf(data.toString('utf8'));
  };
  const socket = await open(execPath(target), { protocols, onMessage, onClose: () => onEnd(reason), signal });
  if (!protocols.includes(socket.protocol)) {
    socket.close();
    throw new PlumblineError(
      'KUBE_CONFIG',
      `the API server speaks ${socket.protocol || 'no known protocol'} for commands`,
    );
  }
  return {
    write: (data) => socket.send(framed(channels.input, data)),
    resize: ({ columns, rows }) =>
      socket.send(framed(channels.size, Buffer.from(JSON.stringify({ Width: columns, Height: rows })))),
    close: socket.close,
  };
}
