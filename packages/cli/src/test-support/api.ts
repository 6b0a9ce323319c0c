import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorBody } from '@plumbline/protocol';

/** What a route answers: a value is sent as JSON; frames as a stream that stays open; a number refuses with that status. */
export type Reply = { json: unknown } | { frames: unknown[] } | { status: number; message: string };

interface TestApi extends AsyncDisposable {
  url: string;
  /** `METHOD path?query body` of every request. */
  requests: string[];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function send(response: ServerResponse, reply: Reply): void {
  if ('frames' in reply) {
    for (const frame of reply.frames) response.write(`${JSON.stringify({ result: frame })}\n`);
    response.flushHeaders();
    return;
  }
  const refused = 'status' in reply;
  const value = refused
    ? errorBody(reply.status === 401 ? 'Unauthenticated' : 'PermissionDenied', reply.message)
    : reply.json;
  response.writeHead(refused ? reply.status : 200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** An HTTP server that speaks the protocol by a table `METHOD path` → reply; the far end of what `plumb` does. */
export async function testApi(routes: Record<string, Reply | (() => Reply)>): Promise<TestApi> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    requests.push(`${request.method} ${request.url}${body ? ` ${body}` : ''}`);
    const [path] = (request.url ?? '').split('?');
    const reply = routes[`${request.method} ${path}`] ?? { status: 403, message: 'permission denied' };
    send(response, typeof reply === 'function' ? reply() : reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
