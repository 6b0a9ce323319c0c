import { once } from 'node:events';
import { createServer } from 'node:http';

/** An HTTP server that gives out tokens: identity provider, and registry that exchanges them. */
export interface TokenServer extends AsyncDisposable {
  url: string;
  /** `127.0.0.1:port`. */
  host: string;
  /** Every form that was posted, with its path. */
  asked: (Record<string, string> & { path: string })[];
  /** What it answers next, by path; absent: status 200 with a token of each kind. */
  answers: Map<string, { status: number; body: unknown }>;
}

export async function tokenServer(): Promise<TokenServer> {
  const asked: TokenServer['asked'] = [];
  const answers: TokenServer['answers'] = new Map();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const path = request.url ?? '';
    asked.push({ ...Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString())), path });
    const given = { access_token: `token-${asked.length}`, refresh_token: `refresh-${asked.length}`, expires_in: 3600 };
    const { status, body } = answers.get(path) ?? { status: 200, body: given };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    url: `http://${host}`,
    host,
    asked,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
