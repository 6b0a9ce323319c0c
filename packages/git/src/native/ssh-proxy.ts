import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/**
 * ssh's ProxyCommand: connects standard input and output with `host:port` by the proxy whose URL is in a file, where no
 * other user can read it. Speaks CONNECT of HTTP (`http://`, `https://`) and SOCKS 5 (`socks5://`); the proxy resolves names.
 *
 * Arguments: the file, host, port.
 */
const [file = '', host = '', port = ''] = process.argv.slice(2);
const proxy = new URL(readFileSync(file, 'utf8').trim());
const user = decodeURIComponent(proxy.username);
const password = decodeURIComponent(proxy.password);
const isSocks = proxy.protocol.startsWith('socks');

function fail(reason: string): never {
  process.stderr.write(`proxy ${proxy.host}: ${reason}\n`);
  process.exit(1);
}

function open(): Socket {
  const place = { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: Number(proxy.port) || defaultPort() };
  return proxy.protocol === 'https:' ? connectSecurely({ ...place, servername: place.host }) : connect(place);
}

function defaultPort(): number {
  if (isSocks) return 1080;
  return proxy.protocol === 'https:' ? 443 : 80;
}

/** What came, until there is as much as `enough` says (its bytes); the rest is given back to the socket. */
function take(socket: Socket, enough: (got: Buffer) => number | undefined): Promise<Buffer> {
  return new Promise((resolve) => {
    let got: Buffer = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      got = Buffer.concat([got, chunk]);
      const length = enough(got);
      if (length === undefined) return;
      socket.off('data', read);
      socket.pause();
      if (got.length > length) socket.unshift(got.subarray(length));
      resolve(got.subarray(0, length));
    };
    socket.on('data', read);
    socket.resume();
  });
}

const atLeast = (length: number) => (got: Buffer) => (got.length >= length ? length : undefined);

async function throughHttp(socket: Socket): Promise<void> {
  const pair = Buffer.from(`${user}:${password}`).toString('base64');
  const login = user || password ? `Proxy-Authorization: Basic ${pair}\r\n` : '';
  socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n${login}\r\n`);
  const head = await take(socket, (got) => {
    const end = got.indexOf('\r\n\r\n');
    return end < 0 ? undefined : end + 4;
  });
  const [status = ''] = head.toString('latin1').split('\r\n');
  if (!/^HTTP\/1\.\d 2\d\d/.test(status)) fail(status);
}

/** RFC 1928, and RFC 1929 for user and password. */
async function throughSocks(socket: Socket): Promise<void> {
  const named = user !== '' || password !== '';
  socket.write(Buffer.from(named ? [5, 1, 2] : [5, 1, 0]));
  const [, method] = await take(socket, atLeast(2));
  if (method !== (named ? 2 : 0)) fail('it wants another way to sign in');
  if (named) {
    const parts = [user, password].map((text) => Buffer.from(text));
    socket.write(Buffer.concat([Buffer.from([1]), ...parts.flatMap((part) => [Buffer.from([part.length]), part])]));
    const [, refused] = await take(socket, atLeast(2));
    if (refused !== 0) fail('it refuses user and password');
  }
  const name = Buffer.from(host);
  const at = Buffer.from([Number(port) >> 8, Number(port) & 255]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, at]));
  const answer = await take(socket, (got) => {
    if (got.length < 5) return undefined;
    const address = got[3] === 1 ? 4 : got[3] === 4 ? 16 : 1 + (got[4] ?? 0);
    return got.length >= 6 + address ? 6 + address : undefined;
  });
  if (answer[1] !== 0) fail(`it cannot connect to ${host}:${port} (${answer[1]})`);
}

const socket = open();
socket.on('error', (error) => fail(error.message));
socket.once('end', () => process.exit(0));
await (isSocks ? throughSocks(socket) : throughHttp(socket));
process.stdin.pipe(socket);
socket.pipe(process.stdout);
