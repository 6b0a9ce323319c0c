import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { terminalRoute } from '@plumbline/protocol';
import type { Logger } from '@plumbline/telemetry';
import type { Express } from 'express';
import { logUpgrade } from '../audit/request-log.ts';
import { apiFailure } from '../http/api-failure.ts';
import { errorAnswer } from '../http/error-answer.ts';
import type { OpenStreams } from '../http/open-streams.ts';
import { requireTerminal, type TerminalParts, terminalPlace } from './terminal-checks.ts';
import { runTerminal } from './terminal-session.ts';

const maxFrame = 256 * 1024;

/** Takes connections that ask for another protocol than HTTP. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Answers a connection that is not upgraded. */
function refuse(socket: Duplex, error: unknown): void {
  const { status, body } = errorAnswer(error);
  const text = JSON.stringify(body);
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${text}`);
}

/** What a terminal was asked for, by its query; nothing else of that is recorded. */
function askedOf(request: IncomingMessage): Record<string, string> {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const names = ['projectName', 'appName', 'namespace', 'pod', 'container'];
  return Object.fromEntries(names.map((name) => [name, (searchParams.get(name) ?? '').slice(0, 253)]));
}

/** Terminals in containers over a WebSocket. A request without one is told the same as one with it, up to the upgrade. */
export function createTerminals(
  app: Express,
  parts: TerminalParts & { streams: OpenStreams; logger: Logger },
): { upgrade: Upgrade } {
  const { streams, logger, settings } = parts;
  app.get(terminalRoute.path, async (request, response) => {
    response.locals['route'] = 'terminal';
    await terminalPlace(parts, request, AbortSignal.timeout(60_000));
    response.set('upgrade', 'websocket');
    throw apiFailure('InvalidArgument', 'a terminal is a WebSocket: ask for the upgrade');
  });
  const open = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    if (pathname !== terminalRoute.path) throw apiFailure('NotFound', `no such route: GET ${pathname}`);
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    const place = await terminalPlace(parts, request, gone.signal);
    const { user } = place;
    logUpgrade(logger, request, { route: 'terminal', user, status: 101, about: askedOf(request) });
    // Loaded when it is first needed: most servers never open a terminal.
    const { WebSocketServer } = await import('ws');
    const server = new WebSocketServer({ noServer: true, maxPayload: maxFrame, perMessageDeflate: false });
    server.on('wsClientError', (error) => refuse(socket, apiFailure('InvalidArgument', error.message)));
    server.handleUpgrade(request, socket, head, (connection) => {
      const done = new Promise<void>((resolve) => connection.once('close', () => resolve()));
      streams.add({ end: () => connection.close(1001, 'the server stops'), done });
      runTerminal(connection, {
        place,
        shells: settings().shells,
        stillAllowed: () => requireTerminal(parts, request, place.query),
        logger,
      });
    });
  };
  return {
    upgrade: (request, socket, head) => {
      socket.on('error', (error) => logger.debug('a connection fails', { error }));
      open(request, socket, head).catch((error: unknown) => {
        const { status } = errorAnswer(error);
        logUpgrade(logger, request, { route: 'terminal', status, about: askedOf(request) });
        refuse(socket, error);
      });
    },
  };
}
