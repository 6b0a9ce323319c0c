import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that sends every request on to another one, keeping path and query. */
export async function redirectServer(target: () => string): Promise<{ url: string; seen: string[]; server: Server }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '');
    response.writeHead(302, { location: target() + (request.url ?? '') }).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

/** A server before another one: it notes what arrives, and `hold` keeps back answers that the other one has already given. */
export async function frontServer(target: () => string) {
  const seen: { method: string; authorization: string }[] = [];
  let released = Promise.resolve();
  let held = 0;
  const server = createServer(async (request, response) => {
    seen.push({ method: request.method ?? '', authorization: request.headers.authorization ?? '' });
    const body = await Array.fromAsync(request);
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const forwarded = httpRequest(
      target() + (request.url ?? ''),
      { method: request.method, headers },
      async (answer) => {
        const content = Buffer.concat(await Array.fromAsync(answer));
        held++;
        await released;
        const { 'transfer-encoding': _, ...answerHeaders } = answer.headers;
        response.writeHead(answer.statusCode ?? 500, answerHeaders).end(content);
      },
    );
    forwarded.on('error', () => response.destroy());
    forwarded.end(Buffer.concat(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    server,
    /** Answers wait from now on until the returned function is called. */
    hold: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = 0;
      released = promise;
      return resolve;
    },
    held: () => held,
  };
}
