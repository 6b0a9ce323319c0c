import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git/http/node';
import { request as nodeRequest } from 'isomorphic-git/http/node';
import type { RepositoryAccess } from '../types.ts';

/** The http client of one repository. */
export interface RepositoryHttp extends HttpClient {
  close(): void;
}

/** A transfer that stands still this long (ms) is given up. */
const stallMs = 15_000;

function within<T>(work: Promise<T>, what: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} stood still for ${stallMs / 1000} s`)), stallMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

async function* unstalled(body: AsyncIterableIterator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  while (true) {
    const { value, done } = await within(body.next(), 'the transfer');
    if (done) return;
    yield value;
  }
}

/** isomorphic-git's node client with the repository's TLS and proxy settings, kept-alive connections and an end to stalled transfers. */
export function createRepositoryHttp(access: RepositoryAccess): RepositoryHttp {
  const proxyEnv = access.proxy
    ? { HTTP_PROXY: access.proxy, HTTPS_PROXY: access.proxy, NO_PROXY: access.noProxy ?? '' }
    : process.env;
  const common = { keepAlive: true, maxSockets: 8, proxyEnv };
  const plain = new HttpAgent(common);
  const secure = new HttpsAgent({
    ...common,
    rejectUnauthorized: !access.insecure,
    ...(access.certificateAuthority ? { ca: access.certificateAuthority } : {}),
    ...(access.tlsClientCert ? { cert: access.tlsClientCert } : {}),
    ...(access.tlsClientKey ? { key: access.tlsClientKey } : {}),
  });
  return {
    async request(request: GitHttpRequest): Promise<GitHttpResponse> {
      const agent = request.url.startsWith('https:') ? secure : plain;
      const response = await within(nodeRequest({ ...request, agent }), 'the request');
      return response.body ? { ...response, body: unstalled(response.body) } : response;
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}
