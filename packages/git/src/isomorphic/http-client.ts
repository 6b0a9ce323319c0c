import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git/http/node';
import { request as nodeRequest } from 'isomorphic-git/http/node';
import { createAgents } from '../http/agents.ts';
import { checkHost } from '../network/guard.ts';
import type { RepositoryAccess } from '../types.ts';

/** The http client of one repository. */
interface RepositoryHttp extends HttpClient {
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

const discovery = '/info/refs?service=git-upload-pack';
const mostRedirects = 5;

/** Where a redirect leads. Only the question for the refs may be sent on, and never from https to http. */
function redirectTarget(response: GitHttpResponse, from: string): string | undefined {
  if (![301, 302, 303, 307, 308].includes(response.statusCode)) return undefined;
  const location = response.headers?.['location'];
  if (!location || !from.endsWith(discovery)) return undefined;
  const target = new URL(location, from);
  const allowed = from.startsWith('https:') ? ['https:'] : ['http:', 'https:'];
  return allowed.includes(target.protocol) ? target.href : undefined;
}

function withoutCredentials(headers: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

/**
 * isomorphic-git's node client with the repository's TLS and proxy settings, kept-alive connections and an end to stalled
 * transfers. What follows a redirected question for the refs goes to the same place; credentials never go to another origin.
 */
export function createRepositoryHttp(access: RepositoryAccess): RepositoryHttp {
  const agents = createAgents(access);
  const { origin } = new URL(access.url);
  let base = access.url;

  const send = async (request: GitHttpRequest, url: string): Promise<GitHttpResponse> => {
    await checkHost(new URL(url).hostname);
    const headers = new URL(url).origin === origin ? request.headers : withoutCredentials(request.headers);
    const agent = agents.agentFor(url);
    const fetchOptions = { followRedirects: false };
    return within(nodeRequest({ ...request, url, headers, agent, fetchOptions }), 'the request');
  };

  return {
    async request(request: GitHttpRequest): Promise<GitHttpResponse> {
      if (request.url.endsWith(discovery)) base = access.url;
      let url = request.url.startsWith(access.url) ? base + request.url.slice(access.url.length) : request.url;
      for (let redirects = 0; ; redirects++) {
        const response = await send(request, url);
        const target = redirects < mostRedirects ? redirectTarget(response, url) : undefined;
        if (target === undefined) return response.body ? { ...response, body: unstalled(response.body) } : response;
        url = target;
        if (target.endsWith(discovery)) base = target.slice(0, -discovery.length);
      }
    },
    close: agents.close,
  };
}
