import type { ExecSession } from '@plumbline/cluster';
import { type TerminalFrame, terminalFrameSchema } from '@plumbline/protocol';
import type { Logger } from '@plumbline/telemetry';
import type { WebSocket } from 'ws';
import { runShell, shellsFor } from './shells.ts';
import type { TerminalPlace } from './terminal-checks.ts';

/** Codes of RFC 6455 that a terminal ends with. */
const codes = { ended: 1000, badFrame: 1007, denied: 1008, failed: 1011, slow: 1013 } as const;
/** RFC 6455 leaves so many bytes for the reason. */
const maxReason = 120;
const pingMs = 5_000;
/** A caller who has not answered for so long is gone. */
const silentMs = 30_000;
/** How often rights and session are looked at: whoever loses them loses the terminal within five seconds. */
const checkMs = 2_000;
/** Output that waits for a caller who does not read. */
const maxWaiting = 8 * 1024 * 1024;

export interface SessionOptions {
  place: TerminalPlace;
  shells: readonly string[];
  /** Throws when the caller may no longer have the terminal. */
  stillAllowed(): Promise<unknown>;
  logger: Logger;
}

function frameOf(data: unknown): TerminalFrame | undefined {
  try {
    return terminalFrameSchema.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
}

const reasonText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Keeps an eye on the caller: that he is there, and that he may. Returns how to stop. */
function watchCaller(socket: WebSocket, stillAllowed: () => Promise<unknown>, deny: (error: unknown) => void) {
  let heard = Date.now();
  socket.on('pong', () => {
    heard = Date.now();
  });
  const ping = setInterval(() => {
    if (Date.now() - heard > silentMs) socket.terminate();
    else socket.ping();
  }, pingMs);
  const check = setInterval(() => void stillAllowed().catch(deny), checkMs);
  return () => {
    clearInterval(ping);
    clearInterval(check);
  };
}

/** Joins a WebSocket and a shell in a container until one of them ends (reference §8.3). */
export function runTerminal(socket: WebSocket, { place, shells, stillAllowed, logger }: SessionOptions): void {
  const { client, query, user } = place;
  const { pod, container, namespace, appName } = query;
  const over = new AbortController();
  const decoder = new TextDecoder();
  const facts = { user: user?.username ?? '', application: appName, namespace, pod, container };
  let session: ExecSession | undefined;
  let size: { columns: number; rows: number } | undefined;
  const show = (data: string): void => socket.send(JSON.stringify({ operation: 'stdout', data }));
  const end = (code: number, reason = ''): void => {
    if (reason && code !== codes.ended) show(`\r\n${reason}\r\n`);
    socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, maxReason)
        .toString('utf8')
        .replace(/\uFFFD+$/, ''),
    );
    over.abort();
  };
  const onOutput = (data: Buffer): void => {
    if (data.length > 0) show(decoder.decode(data, { stream: true }));
    if (socket.bufferedAmount > maxWaiting) end(codes.slow, 'the terminal is not read');
  };
  socket.on('message', (data) => {
    const frame = frameOf(data);
    if (!frame) end(codes.badFrame, 'this is no frame of a terminal');
    else if (frame.operation === 'stdin') session?.write(Buffer.from(frame.data));
    else if (frame.operation === 'resize') {
      size = { columns: frame.cols, rows: frame.rows };
      session?.resize(size);
    }
  });
  const stop = watchCaller(socket, stillAllowed, (error) => end(codes.denied, reasonText(error)));
  socket.on('error', (error) => logger.debug('a terminal fails', { ...facts, error }));
  socket.once('close', (code) => {
    stop();
    over.abort();
    logger.info('a terminal is closed', { ...facts, code });
  });
  runShell(client, query, {
    shells: shellsFor(shells, query.shell),
    onOutput,
    onEnd: (reason) => end(reason === undefined ? codes.ended : codes.failed, reason),
    onSession: (opened, shell) => {
      session = opened;
      if (size) opened.resize(size);
      logger.info('a terminal is open', { ...facts, shell });
    },
    signal: over.signal,
  }).catch((error: unknown) => end(codes.failed, reasonText(error)));
}
