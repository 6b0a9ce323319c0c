import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy for any protocol, which wants user and password. */
interface TunnelProxy extends AsyncDisposable {
  /** With user and password. */
  url: string;
  /** Where it has connected to. */
  targets: string[];
}

type Login = { user: string; password: string };

/** Reads all that comes at once: clients of these protocols wait for each answer. */
async function next(socket: Socket): Promise<Buffer> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  return chunk;
}

async function acceptHttp(socket: Socket, { user, password }: Login): Promise<string | undefined> {
  const head = (await next(socket)).toString();
  const expected = Buffer.from(`${user}:${password}`).toString('base64');
  if (!head.includes(`Proxy-Authorization: Basic ${expected}\r\n`)) {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    return undefined;
  }
  return /^CONNECT (\S+)/.exec(head)?.[1];
}

async function acceptSocks(socket: Socket, { user, password }: Login): Promise<string | undefined> {
  await next(socket);
  socket.write(Buffer.from([5, 2]));
  socket.resume();
  const login = await next(socket);
  const length = login[1] ?? 0;
  const good = login.toString('utf8', 2, 2 + length) === user && login.toString('utf8', 3 + length) === password;
  socket.write(Buffer.from([1, good ? 0 : 1]));
  if (!good) return undefined;
  socket.resume();
  const wanted = await next(socket);
  const end = 5 + (wanted[4] ?? 0);
  return `${wanted.toString('utf8', 5, end)}:${wanted.readUInt16BE(end)}`;
}

/** Starts a {@link TunnelProxy}. */
export async function tunnelProxy(kind: 'http' | 'socks5', login: Login): Promise<TunnelProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    void (async () => {
      const target = await (kind === 'http' ? acceptHttp(socket, login) : acceptSocks(socket, login));
      if (target === undefined) return;
      targets.push(target);
      const [host = '', port = ''] = target.split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write(kind === 'http' ? 'HTTP/1.1 200 OK\r\n\r\n' : Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pair = `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}`;
  return {
    url: `${kind}://${pair}@127.0.0.1:${port}`,
    targets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
