import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeClient } from '@plumbline/cluster';
import { type WebSocket, WebSocketServer } from 'ws';

/** What the commands of a {@link containerHost} were told. */
export interface Told {
  commands: string[];
  sizes: string[];
  /** Commands that run now. */
  open: number;
}

const failed = (message: string) => JSON.stringify({ status: 'Failure', message });

/** A shell that repeats what it hears, until it hears `exit`. It has no bash. */
function shell(socket: WebSocket, command: string, told: Told): void {
  const send = (channel: number, text: string) => socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
  told.commands.push(command);
  if (command === 'bash') {
    send(3, failed('exec: "bash": executable file not found in $PATH'));
    socket.close();
    return;
  }
  told.open += 1;
  socket.once('close', () => {
    told.open -= 1;
  });
  send(1, '$ ');
  socket.on('message', (data: Buffer) => {
    const text = data.subarray(1).toString('utf8');
    if (data[0] === 4) told.sizes.push(text);
    else if (text === 'exit') {
      send(3, JSON.stringify({ status: 'Success' }));
      socket.close();
    } else send(1, `you said ${text}`);
  });
}

function writeLog(response: ServerResponse, told: Told): void {
  told.open += 1;
  const write = () => response.write(`${new Date().toISOString()} a line\n`);
  const timer = setInterval(write, 100);
  write();
  response.once('close', () => {
    clearInterval(timer);
    told.open -= 1;
  });
}

/**
 * A stand-in for what only nodes can do: it answers `exec` and `log` as the API server of a cluster with kubelets does, and
 * passes all reads on to the real control plane, whose nodes have none.
 */
export async function containerHost(kube: KubeClient): Promise<AsyncDisposable & { url: string; told: Told }> {
  const told: Told = { commands: [], sizes: [], open: 0 };
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    if (/\/pods\/[^/]+\/log\?/.test(path)) {
      writeLog(response, told);
      return;
    }
    const value = await kube.raw('GET', path);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(404).end(failed(String(error))));
  });
  server.on('upgrade', (request, socket, head) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    sockets.handleUpgrade(request, socket, head, (open) => shell(open, searchParams.get('command') ?? '', told));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    [Symbol.asyncDispose]: async () => {
      for (const open of sockets.clients) open.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
