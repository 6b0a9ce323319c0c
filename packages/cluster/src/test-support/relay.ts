import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP relay whose connections can be cut, and which can be closed for a while. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** Connections taken so far. */
  readonly connections: number;
  /** Cuts what is open now; new connections are let through. */
  cut(): void;
  /** Cuts, and cuts every new connection until `open`. */
  block(): void;
  open(): void;
  /** Holds all bytes back without closing anything. */
  freeze(): void;
}

/** The sockets that are open now. */
function trackSockets() {
  const sockets = new Set<Socket>();
  return {
    add: (socket: Socket): void => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    },
    cut: (): void => {
      for (const socket of sockets) socket.destroy();
    },
    freeze: (): void => {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
  };
}

export async function startRelay(target: { host: string; port: number }): Promise<Relay> {
  const { add, cut, freeze } = trackSockets();
  let blocked = false;
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    add(client);
    if (blocked) {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    add(upstream);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cut,
    block: () => {
      blocked = true;
      cut();
    },
    open: () => {
      blocked = false;
    },
    freeze,
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
