import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy that connects its clients to where they ask for. */
interface ForwardProxy extends AsyncDisposable {
  readonly url: string;
  /** Where clients asked to be connected to, as `host:port`. */
  readonly targets: readonly string[];
}

async function listen(server: Server, protocol: string, targets: string[]): Promise<ForwardProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function join(client: Socket, upstream: Socket): void {
  client.pipe(upstream).pipe(client);
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
  upstream.on('error', () => client.destroy());
}

/** An HTTP proxy that tunnels (`CONNECT`). */
export function startHttpProxy(): Promise<ForwardProxy> {
  const targets: string[] = [];
  const server = createHttpServer();
  server.on('connect', ({ url = '' }, client: Socket) => {
    targets.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      join(client, upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  return listen(server, 'http', targets);
}

/** A SOCKS5 proxy without authentication (RFC 1928): IPv4 addresses and names. */
export function startSocksProxy(): Promise<ForwardProxy> {
  const targets: string[] = [];
  const server = createServer((client) => {
    client.once('data', () => {
      client.write(Buffer.from([5, 0]));
      client.once('data', (request: Buffer) => {
        const byName = request[3] === 3;
        const end = byName ? 5 + (request[4] ?? 0) : 8;
        const host = byName ? request.toString('latin1', 5, end) : [...request.subarray(4, 8)].join('.');
        const port = request.readUInt16BE(end);
        targets.push(`${host}:${port}`);
        const upstream = connect(port, host, () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          join(client, upstream);
        });
        upstream.on('error', () => client.destroy());
      });
    });
  });
  return listen(server, 'socks5', targets);
}
