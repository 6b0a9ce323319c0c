import { generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** An HTTP server that gives out installation tokens as GitHub does, after it verified the App's JWT. */
export interface GithubServer extends AsyncDisposable {
  /** The API's address. */
  url: string;
  /** PEM of the App's key. */
  privateKey: string;
  /** What it gives out next. */
  next: { token: string; expiresAt: string };
  /** Paths that were asked for with a JWT that holds. */
  granted: string[];
}

const appId = '4711';

function holds(jwt: string, publicKey: string): boolean {
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const { iat, exp, iss } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const now = Date.now() / 1000;
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
  return signed && alg === 'RS256' && iss === appId && iat <= now && exp > now && exp - iat <= 600;
}

/** 150 installations; 42, which is the only one that gives out tokens, is the last and that of the account `Team`. */
function pageOf(page: number, size: number): object[] {
  const others = Array.from({ length: 149 }, (_, index) => ({
    id: 1000 + index,
    account: { login: `other-${index}` },
  }));
  return [...others, { id: 42, account: { login: 'Team' } }].slice((page - 1) * size, page * size);
}

function makeAppKeys(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
}

/** Starts a {@link GithubServer} for the App 4711 and its installation 42. */
export async function githubServer(): Promise<GithubServer> {
  const { privateKey, publicKey } = makeAppKeys();
  const granted: string[] = [];
  const next = { token: 'ghs_first', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const [, jwt = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://github.test');
    if (jwt === '' || !holds(jwt, publicKey)) {
      answer(401, { message: 'A JSON web token could not be decoded' });
    } else if (request.method === 'GET' && pathname === '/api/v3/app/installations') {
      answer(200, pageOf(Number(searchParams.get('page')), Number(searchParams.get('per_page'))));
    } else if (request.method !== 'POST') answer(405, { message: 'Method Not Allowed' });
    else if (request.url !== '/api/v3/app/installations/42/access_tokens') answer(404, { message: 'Not Found' });
    else {
      granted.push(request.url);
      answer(201, { token: next.token, expires_at: next.expiresAt });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/api/v3`,
    privateKey,
    next,
    granted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
